import { canonicalUri, msiNode, msiStatus, segmentsOf } from '@greenscreen/wire/dm-tree';
import { decodeMsiInstallJob, type MsiInstallJob, MsiJobError } from '@greenscreen/wire/msi-job';
import { statusCode } from '@greenscreen/wire/syncml';
import { type DeviceContext } from '../context/index.js';
import { type ConfigurationServiceProvider } from './provider.js';
import { type CspTree } from './tree.js';

const ROOT = './Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI';
/** The device's own jobs; those of a user are below the user's SID (reference 04, 4.5). */
const REGISTRY = 'HKLM\\SOFTWARE\\Microsoft\\EnterpriseDesktopAppManagement\\S-0-0-00-0000000000-0000000000-000000000-000\\MSI';

/** A job that Exec has queued; it runs after the session. */
export interface QueuedMsiJob {
  /** LocURI of the product's node. */
  readonly uri: string;
  readonly job: MsiInstallJob;
}

/** EnterpriseDesktopAppManagement CSP: Exec of `DownloadInstall` queues the job and answers 202. */
export class MsiManagement implements ConfigurationServiceProvider {
  readonly root = canonicalUri(ROOT);
  private readonly queue: QueuedMsiJob[] = [];

  constructor(
    private readonly tree: CspTree,
    private readonly registry: DeviceContext['registry'],
  ) {}

  write(uri: string): number | undefined {
    return uri.endsWith('/Status') || uri.endsWith('/LastError') ? statusCode.notAllowed : undefined;
  }

  exec(uri: string, value: { readonly data: string } | undefined): number | undefined {
    if (!uri.endsWith('/DownloadInstall')) return undefined;
    if (!this.tree.has(uri)) return statusCode.notFound;
    try {
      const job = decodeMsiInstallJob(value?.data ?? '');
      const code = segmentsOf(uri).at(-2) ?? '';
      if (job.productCode.toLowerCase() !== code.toLowerCase()) return statusCode.badRequest;
      this.queue.push({ uri: canonicalUri(msiNode(code)), job });
      this.report(job, msiStatus.initialized);
      return statusCode.accepted;
    } catch (error) {
      if (error instanceof MsiJobError) return statusCode.badRequest;
      throw error;
    }
  }

  changed(uri: string, value: { readonly data: string } | undefined): void {
    const [code, name] = segmentsOf(uri).slice(-2);
    if (code === undefined || name === undefined) return;
    const key = `${REGISTRY}\\${code}`;
    if (value) this.registry.set(key, name, ['Status', 'LastError'].includes(name) ? Number(value.data) : value.data);
    else this.registry.deleteValue(key, name);
  }

  /** Sets a job's `Status`, and `LastError` when it failed. */
  report({ productCode }: MsiInstallJob, status: number, lastError?: number): void {
    this.tree.set(msiNode(productCode, 'Status'), { format: 'int', data: String(status) });
    if (lastError !== undefined) this.tree.set(msiNode(productCode, 'LastError'), { format: 'int', data: String(lastError) });
  }

  /** Jobs queued since the last call. */
  takeJobs(): QueuedMsiJob[] {
    return this.queue.splice(0);
  }
}
