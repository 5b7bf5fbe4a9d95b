import { createHash } from 'node:crypto';
import { msiStatus } from '@greenscreen/wire/dm-tree';
import { decodeMsiFile, type MsiFile, type MsiInstallJob, MsiJobError } from '@greenscreen/wire/msi-job';
import { type MsiManagement, type QueuedMsiJob } from '../csp/index.js';
import { type DeviceContext, hex, NetworkError } from '../context/index.js';

/** How a job ended. */
export interface MsiResult {
  readonly uri: string;
  readonly job: MsiInstallJob;
  /** 0 is success. */
  readonly hresult: number;
}

export type MsiContext = Pick<DeviceContext, 'network' | 'clock' | 'events'>;

const SECOND_MS = 1000;
/** ERROR_SUCCESS_REBOOT_REQUIRED is a success too. */
const REBOOT_REQUIRED = 3010;
/** What is written for a file that is not what the job promised. */
const HASH_MISMATCH = 0x80070570; // ERROR_FILE_CORRUPT
const DOWNLOAD_FAILED = 0x80190194;
/** HRESULT_FROM_WIN32 of an installer's exit code. */
const hresultOfExit = (code: number): number => (0x80070000 | (code & 0xffff)) >>> 0;

/**
 * Downloads and runs an MSI as EnterpriseDesktopAppManagement does after the session (reference 04, 4.5): `Status` 20, 40, 50, then 70 or a
 * failure; events 1905, 1906, 1920 and 1922 or 1924. The file is what this cloud serves in place of an installer: it says what running it
 * does.
 */
export async function runMsiJob(context: MsiContext, msi: MsiManagement, { uri, job }: QueuedMsiJob): Promise<MsiResult> {
  const { events } = context;
  const data = { ProductCode: job.productCode, Version: job.version };
  const fail = (status: number, hresult: number): MsiResult => {
    msi.report(job, status, hresult);
    events.emit('dmedp', 1924, { ...data, HRESULT: hex(hresult) });
    return { uri, job, hresult };
  };
  msi.report(job, msiStatus.downloading);
  events.emit('dmedp', 1905, data);
  const content = await download(context, job);
  if (content === undefined) return fail(msiStatus.downloadFailed, DOWNLOAD_FAILED);
  const file = verified(content, job);
  if (file === undefined) return fail(msiStatus.downloadFailed, HASH_MISMATCH);
  msi.report(job, msiStatus.downloaded);
  events.emit('dmedp', 1906, data);
  msi.report(job, msiStatus.enforcing);
  events.emit('dmedp', 1920, data);
  await context.clock.wait(file.seconds * SECOND_MS, `msiexec installs ${job.productCode}`);
  if (file.exitCode !== 0 && file.exitCode !== REBOOT_REQUIRED) return fail(msiStatus.failed, hresultOfExit(file.exitCode));
  msi.report(job, msiStatus.completed);
  events.emit('dmedp', 1922, data);
  return { uri, job, hresult: 0 };
}

/** The first address that has it. */
async function download({ network }: MsiContext, { urls }: MsiInstallJob): Promise<Buffer | undefined> {
  for (const url of urls) {
    try {
      const response = await network.http({ service: 'content', operation: 'MsiContent', method: 'GET', url });
      if (response.status === 200) return response.body;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
    }
  }
  return undefined;
}

function verified(content: Buffer, { fileHash }: MsiInstallJob): MsiFile | undefined {
  if (createHash('sha256').update(content).digest('hex') !== fileHash.toLowerCase()) return undefined;
  try {
    return decodeMsiFile(content);
  } catch (error) {
    if (error instanceof MsiJobError) return undefined;
    throw error;
  }
}
