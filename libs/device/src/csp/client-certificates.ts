import { canonicalUri, segmentsOf, under } from '@greenscreen/wire/dm-tree';
import { statusCode } from '@greenscreen/wire/syncml';
import { type ConfigurationServiceProvider } from './provider.js';
import { type CspTree } from './tree.js';

const ROOT = './Device/Vendor/MSFT/ClientCertificateInstall/SCEP';

/** Values of a SCEP request's `Status` node (ClientCertificateInstall CSP). */
export const scepStatus = { finished: 1, pending: 2, failed: 16, unknown: 32 } as const;

/** A certificate request that Exec has queued. */
export interface QueuedCertificate {
  /** Name of the request's node. */
  readonly id: string;
  readonly serverUrl: string;
  /** `CN=…` */
  readonly subjectName: string;
}

/** ClientCertificateInstall CSP, SCEP part: Exec of `Install/Enroll` queues the request and answers 202. */
export class ClientCertificateInstall implements ConfigurationServiceProvider {
  readonly root = canonicalUri(ROOT);
  private readonly queue: QueuedCertificate[] = [];

  constructor(private readonly tree: CspTree) {}

  write(uri: string): number | undefined {
    return /\/(Status|ErrorCode|CertThumbprint)$/.test(uri) ? statusCode.notAllowed : undefined;
  }

  exec(uri: string): number | undefined {
    const [id, ...rest] = segmentsOf(uri).slice(segmentsOf(ROOT).length);
    if (id === undefined || rest.join('/') !== 'Install/Enroll') return undefined;
    const install = (name: string): string | undefined => this.tree.read(under(ROOT, id, 'Install', name));
    const [serverUrl, subjectName] = [install('ServerURL'), install('SubjectName')];
    if (!serverUrl || !subjectName) return statusCode.notFound;
    this.queue.push({ id, serverUrl, subjectName });
    this.set(id, 'Status', 'int', String(scepStatus.pending));
    return statusCode.accepted;
  }

  /** What a request came to: the certificate's thumbprint, or an HRESULT. */
  report({ id }: QueuedCertificate, outcome: { readonly thumbprint: string } | { readonly hresult: number }): void {
    if ('thumbprint' in outcome) {
      this.set(id, 'CertThumbprint', 'chr', outcome.thumbprint);
      this.set(id, 'ErrorCode', 'int', '0');
      this.set(id, 'Status', 'int', String(scepStatus.finished));
    } else {
      this.set(id, 'ErrorCode', 'int', String(outcome.hresult | 0));
      this.set(id, 'Status', 'int', String(scepStatus.failed));
    }
  }

  /** Requests queued since the last call. */
  takeRequests(): QueuedCertificate[] {
    return this.queue.splice(0);
  }

  private set(id: string, name: string, format: string, data: string): void {
    this.tree.set(under(ROOT, id, name), { format, data });
  }
}
