import { createHash } from 'node:crypto';
import { msiStatus } from '@greenscreen/wire/dm-tree';
import { decodeMsiFile, type MsiFile, type MsiInstallJob, MsiJobError } from '@greenscreen/wire/msi-job';
import { type BackgroundWork, exitCode, hresultOfWin32, type WindowsInstaller } from '../background/index.js';
import { type MsiManagement, type QueuedMsiJob } from '../csp/index.js';
import { type DeviceContext, hex, hresultOfStatus, NetworkError } from '../context/index.js';

/** How a job ended. */
export interface MsiResult {
  readonly uri: string;
  readonly job: MsiInstallJob;
  /** 0 is success. */
  readonly hresult: number;
}

export interface MsiRunner {
  readonly context: Pick<DeviceContext, 'network' | 'events'>;
  readonly background: BackgroundWork;
  readonly msi: MsiManagement;
  readonly installer: WindowsInstaller;
}

const MINUTE_MS = 60_000;
/** ERROR_FILE_CORRUPT, for a file that is not what the job promised. */
const CORRUPT = 0x80070570;

/** A PC on which a job goes wrong whatever is served (06 D-B64): it stands still, or its installer fails. */
export type MsiTrouble = 'stall' | 'fail';

/** An attempt that came to nothing: where it stopped, and the code. */
interface Failure {
  readonly step: 'download' | 'enforcement';
  readonly hresult: number;
}

/** `Status` while another attempt is due, and when there is none. */
const statuses = {
  download: { retry: msiStatus.downloadRetry, final: msiStatus.downloadFailed },
  enforcement: { retry: msiStatus.enforcementRetry, final: msiStatus.failed },
} as const;

/**
 * Downloads and runs an MSI as EnterpriseDesktopAppManagement does, with the job's own retries (reference 04, 4.5): `Status` 20, 40, 50, then
 * 70, or 25 or 55 until the next attempt, or 30 or 60. Events 1905, 1906, 1920 and 1922; 1924 with each attempt that fails. The file is what
 * this cloud serves in place of an installer: it says what running it does.
 */
export async function runMsiJob(
  runner: MsiRunner,
  { uri, job }: QueuedMsiJob,
  trouble: () => MsiTrouble | undefined = () => undefined,
): Promise<MsiResult> {
  const { context, msi, background } = runner;
  const data = { ProductCode: job.productCode, Version: job.version };
  for (let attempt = 0; ; attempt += 1) {
    const failure = await tryOnce(runner, job, data, trouble());
    if (failure === undefined) {
      msi.report(job, msiStatus.completed);
      context.events.emit('dmedp', 1922, data);
      return { uri, job, hresult: 0 };
    }
    const { step, hresult } = failure;
    context.events.emit('dmedp', 1924, { ...data, HRESULT: hex(hresult) });
    if (attempt >= job.retryCount) {
      msi.report(job, statuses[step].final, hresult);
      return { uri, job, hresult };
    }
    msi.report(job, statuses[step].retry, hresult);
    await background.clock.wait(job.retryIntervalMinutes * MINUTE_MS, `${job.productCode} is tried again`);
  }
}

type JobData = Readonly<Record<'ProductCode' | 'Version', string>>;

async function tryOnce(runner: MsiRunner, job: MsiInstallJob, data: JobData, trouble?: MsiTrouble): Promise<Failure | undefined> {
  const { context, msi, installer, background } = runner;
  const { events } = context;
  msi.report(job, msiStatus.downloading);
  events.emit('dmedp', 1905, data);
  if (trouble === 'stall') await background.pause(Infinity, `the download of ${job.productCode}`);
  const content = await download(context, job);
  if (typeof content === 'number') return { step: 'download', hresult: content };
  const file = verified(content, job);
  if (file === undefined) return { step: 'download', hresult: CORRUPT };
  msi.report(job, msiStatus.downloaded);
  events.emit('dmedp', 1906, data);
  msi.report(job, msiStatus.enforcing);
  events.emit('dmedp', 1920, data);
  const outcome = trouble === 'fail' ? exitCode.fatalError : file.exitCode;
  const code = await installer.run({ seconds: file.seconds, exitCode: outcome, name: `msiexec ${job.productCode}` }, job.timeoutMinutes);
  if (code === exitCode.success || code === exitCode.rebootRequired) return undefined;
  return { step: 'enforcement', hresult: hresultOfWin32(code) };
}

/** What the first address gives that has it; otherwise the last one's code. */
async function download({ network }: MsiRunner['context'], { urls }: MsiInstallJob): Promise<Buffer | number> {
  let hresult = hresultOfStatus(404);
  for (const url of urls) {
    try {
      const response = await network.http({ service: 'content', operation: 'MsiContent', method: 'GET', url });
      if (response.status === 200) return response.body;
      hresult = hresultOfStatus(response.status);
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      hresult = error.hresult;
    }
  }
  return hresult;
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
