import {
  preparationProvider,
  providerState,
  SIDECAR,
  trackedApp,
  trackedAppReboot,
  trackedAppState,
  trackingPoliciesCreated,
  win32TrackingName,
} from '@greenscreen/wire/dm-tree';
import { type SelectedApp } from '@greenscreen/wire/ime';
import { type BackgroundWork, type WindowsInstaller } from '../background/index.js';
import { type CspTree } from '../csp/index.js';
import { type ClientIdentity, DeploymentError, hex, NetworkError } from '../context/index.js';
import { type AgentContext, AgentGateway } from './gateway.js';
import { type AppResult, installApp, isDetected } from './install-app.js';

export interface AgentHost {
  readonly tree: CspTree;
  readonly background: BackgroundWork;
  readonly installer: WindowsInstaller;
  /** The MDM certificate. */
  readonly identity: () => ClientIdentity;
  /** Intune device id. */
  readonly deviceId: () => string;
  /** Told when an app has been dealt with. */
  readonly appFinished: () => void;
}

/** Between attempts to reach the gateway [our choice]. */
const RETRY_MS = 60_000;

/** The Intune Management Extension, "Sidecar": a service that installs Win32 apps and says in the tree how far it is. */
export class ManagementExtension {
  private readonly gateway: AgentGateway;
  private up = false;
  private apps: readonly SelectedApp[] = [];

  constructor(
    private readonly context: AgentContext,
    private readonly host: AgentHost,
  ) {
    this.gateway = new AgentGateway(context, host.identity, host.deviceId);
  }

  /** The service's life: it comes up, makes its policies, and installs apps once it may. */
  async run(mayInstall: () => boolean): Promise<void> {
    const { background } = this.host;
    await this.untilIt(() => this.comeUp());
    if (this.context.traits.ime === 'no-tracking') return;
    await this.untilIt(() => this.createTrackingPolicies());
    await background.pause(Infinity, 'device setup begins', mayInstall);
    await this.installApps();
  }

  /** Finds its gateway and reports that it is up: InstallationState 3 is the agent's to write (06, D-B42). False when it could not. */
  async comeUp(): Promise<boolean> {
    if (this.up) return true;
    this.up = await this.attempt('did not come up', async () => {
      await this.gateway.locate();
      this.set(preparationProvider(SIDECAR, 'InstallationState'), 'int', providerState.completed);
    });
    return this.up;
  }

  /** Fetches the list of apps and makes a tracking policy of each that the page waits for. False when there was no list. */
  createTrackingPolicies(): Promise<boolean> {
    return this.attempt('has no list of apps', async () => {
      this.apps = await this.gateway.selectedApps();
      for (const app of this.apps.filter(({ tracked }) => tracked)) {
        this.track(app, 'TrackingUri', 'chr', `./Vendor/MSFT/EnterpriseDesktopAppManagement/${win32TrackingName(app.id)}`);
        this.report(app, isDetected(this.context, app) ? trackedAppState.completed : trackedAppState.notInstalled);
        this.track(app, 'RebootRequired', 'int', trackedAppReboot.none);
      }
      this.set(trackingPoliciesCreated(SIDECAR), 'bool', 'true');
    });
  }

  /** Installs what is missing, in order; the first failure of a tracked app ends it (reference 05, T19). Events 296 to 299. */
  private async installApps(): Promise<void> {
    const { events } = this.context;
    for (const app of this.apps) {
      const data = { Name: app.name, Id: app.id };
      if (isDetected(this.context, app)) {
        this.report(app, trackedAppState.completed);
        events.emit('autopilot', 296, data);
        continue;
      }
      events.emit('autopilot', 297, data);
      this.report(app, trackedAppState.inProgress);
      const { hresult, reboot } = await this.install(app);
      if (hresult !== 0) {
        this.report(app, trackedAppState.error, hresult);
        events.emit('autopilot', 298, { ...data, HRESULT: hex(hresult) });
      } else {
        if (reboot !== 'none') {
          this.track(app, 'RebootRequired', 'int', trackedAppReboot[reboot]);
          events.emit('autopilot', 299, data);
        }
        this.report(app, trackedAppState.completed);
        events.emit('autopilot', 296, data);
      }
      this.host.appFinished();
      if (hresult !== 0 && app.tracked) return;
    }
  }

  private async install(app: SelectedApp): Promise<AppResult> {
    try {
      return await installApp(this.context, this.gateway, this.host.installer, app);
    } catch (error) {
      if (error instanceof DeploymentError || error instanceof NetworkError) return { hresult: error.hresult, reboot: 'none' };
      throw error;
    }
  }

  private async untilIt(works: () => Promise<boolean>): Promise<void> {
    while (!(await works())) await this.context.clock.wait(RETRY_MS, 'the management extension tries again');
  }

  private async attempt(trouble: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
      this.context.timeline.note({ kind: 'local', what: `The management extension ${trouble}: ${error.message}` });
      return false;
    }
  }

  private report(app: SelectedApp, state: number, error?: number): void {
    if (!app.tracked) return;
    if (error !== undefined) this.track(app, 'LastError', 'int', error | 0);
    this.track(app, 'InstallationState', 'int', state);
  }

  private track(app: SelectedApp, node: string, format: string, data: string | number): void {
    this.set(trackedApp(SIDECAR, 'device', win32TrackingName(app.id), node), format, data);
  }

  private set(uri: string, format: string, data: string | number): void {
    this.host.tree.set(uri, { format, data: String(data) });
  }
}
