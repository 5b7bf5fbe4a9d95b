import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { type DeviceContext } from '../context/index.js';
import { type ConfigurationServiceProvider } from './provider.js';
import { type CspTree } from './tree.js';

/** Where Windows notes them. */
const KEY = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\SyncML\\RebootRequiredURIs';

/** Settings that count only after a restart: those that public write-ups of restarts during the page name (reference 05, 89). */
const roots = [
  './Device/Vendor/MSFT/Policy/Config/DeviceGuard',
  './Device/Vendor/MSFT/Policy/Config/DmaGuard',
  './Device/Vendor/MSFT/Policy/Config/Update/ManagePreviewBuilds',
  './Device/Vendor/MSFT/AppLocker',
].map(canonicalUri);

/** Notes which settings demand a restart, with event 2800 for each; one that already had its value demands none. */
export class RestartPolicies {
  constructor(
    private readonly tree: CspTree,
    private readonly context: Pick<DeviceContext, 'registry' | 'events'>,
  ) {}

  readonly providers: readonly ConfigurationServiceProvider[] = roots.map((root) => ({
    root,
    write: (uri, { data }) => {
      if (this.tree.read(uri) !== data) this.demand(uri);
      return undefined;
    },
  }));

  /** LocURIs that wait for a restart. */
  get waiting(): string[] {
    return this.context.registry.names(KEY);
  }

  /** Windows has restarted. */
  restarted(): void {
    this.context.registry.deleteKey(KEY);
  }

  private demand(uri: string): void {
    this.context.registry.set(KEY, uri, 1);
    this.context.events.emit('dmedp', 2800, { URI: uri });
  }
}
