import { createHash } from 'node:crypto';
import { type MsiInstallJob } from '@greenscreen/wire/msi-job';

/** An MSI that the content host serves and OMA-DM has devices install. */
export interface ServedPackage {
  /** `{…}`, upper case. */
  readonly productCode: string;
  readonly version: string;
  readonly url: string;
  readonly content: Buffer;
}

/** The job that installs it: quietly, ten minutes, three more attempts five minutes apart (reference 04, 4.5). */
export function installJob({ productCode, version, url, content }: ServedPackage): MsiInstallJob {
  return {
    productCode,
    version,
    urls: [url],
    fileHash: createHash('sha256').update(content).digest('hex').toUpperCase(),
    commandLine: '/quiet',
    timeoutMinutes: 10,
    retryCount: 3,
    retryIntervalMinutes: 5,
  };
}
