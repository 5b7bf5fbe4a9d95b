import { appInstallation, canonicalUri, segmentsOf, storeApp } from '@greenscreen/wire/dm-tree';
import { decodeHostedInstall, HostedInstallError } from '@greenscreen/wire/modern-app';
import { statusCode } from '@greenscreen/wire/syncml';
import { type ConfigurationServiceProvider } from './provider.js';
import { type CspTree } from './tree.js';

const INSTALLATION = './Device/Vendor/MSFT/EnterpriseModernAppManagement/AppInstallation';

/** An installation that Exec has queued; it runs after the session. */
export interface QueuedModernApp {
  /** Package family name. */
  readonly family: string;
  readonly packageUri: string;
}

/** EnterpriseModernAppManagement CSP, as far as servers install apps by it: Exec of `HostedInstall` queues the package and answers 202. */
export class ModernAppManagement implements ConfigurationServiceProvider {
  readonly root = canonicalUri(INSTALLATION);
  private readonly queue: QueuedModernApp[] = [];

  constructor(private readonly tree: CspTree) {}

  write(uri: string): number | undefined {
    return /\/(Status|LastError)$/.test(uri) ? statusCode.notAllowed : undefined;
  }

  exec(uri: string, value: { readonly data: string } | undefined): number | undefined {
    const [family, ...rest] = segmentsOf(uri).slice(segmentsOf(INSTALLATION).length);
    if (family === undefined || rest.join('/') !== 'HostedInstall') return undefined;
    try {
      const { packageUri } = decodeHostedInstall(value?.data ?? '');
      this.tree.remove(appInstallation(family, 'LastError'));
      this.queue.push({ family, packageUri });
      return statusCode.accepted;
    } catch (error) {
      if (error instanceof HostedInstallError) return statusCode.badRequest;
      throw error;
    }
  }

  /** What an installation came to: 0 puts the package below its family, anything else is the app's `LastError`. */
  report({ family }: QueuedModernApp, hresult: number): void {
    if (hresult === 0) this.tree.set(storeApp(family, family, 'Version'), { format: 'chr', data: '1.0.0.0' });
    else this.tree.set(appInstallation(family, 'LastError'), { format: 'int', data: String(hresult | 0) });
  }

  /** Installations queued since the last call. */
  takeInstallations(): QueuedModernApp[] {
    return this.queue.splice(0);
  }
}
