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
import { type CspTree } from '../csp/index.js';
import { type ClientIdentity, DeploymentError, hex, NetworkError } from '../context/index.js';
import { type AgentContext, AgentGateway } from './gateway.js';
import { installApp, isDetected } from './install-app.js';

export interface AgentHost {
  readonly tree: CspTree;
  /** The MDM certificate. */
  readonly identity: ClientIdentity;
  /** Intune device id. */
  readonly deviceId: () => string;
}

/** The Intune Management Extension, "Sidecar": a service that installs Win32 apps and says in the tree how far it is. */
export class ManagementExtension {
  private readonly gateway: AgentGateway;
  private apps: readonly SelectedApp[] = [];

  constructor(
    private readonly context: AgentContext,
    private readonly host: AgentHost,
  ) {
    this.gateway = new AgentGateway(context, host.identity, host.deviceId);
  }

  /** The service starts, finds its gateway and reports that it is up: InstallationState 3 is the agent's to write (06, D-B42). */
  async start(): Promise<void> {
    await this.gateway.locate();
    this.set(preparationProvider(SIDECAR, 'InstallationState'), 'int', providerState.completed);
  }

  /** Fetches the list of apps and makes a tracking policy of each that the page waits for; returns how many. */
  async createTrackingPolicies(): Promise<number> {
    this.apps = await this.gateway.selectedApps();
    const tracked = this.apps.filter((app) => app.tracked);
    for (const app of tracked) {
      this.track(app, 'TrackingUri', 'chr', `./Vendor/MSFT/EnterpriseDesktopAppManagement/${win32TrackingName(app.id)}`);
      this.report(app, isDetected(this.context, app) ? trackedAppState.completed : trackedAppState.notInstalled);
      this.track(app, 'RebootRequired', 'int', String(trackedAppReboot.none));
    }
    this.set(trackingPoliciesCreated(SIDECAR), 'bool', 'true');
    return tracked.length;
  }

  /** Installs what is missing, in order; the first failure of a tracked app ends it (reference 05, T19). Told after each step. */
  async installApps(progress: () => void): Promise<void> {
    const { events } = this.context;
    for (const app of this.apps) {
      const data = { Name: app.name, Id: app.id };
      if (isDetected(this.context, app)) {
        this.report(app, trackedAppState.completed);
        events.emit('autopilot', 296, data);
        progress();
        continue;
      }
      events.emit('autopilot', 297, data);
      this.report(app, trackedAppState.inProgress);
      progress();
      const { hresult, reboot } = await this.install(app);
      if (hresult !== 0) {
        this.report(app, trackedAppState.error, hresult);
        events.emit('autopilot', 298, { ...data, HRESULT: hex(hresult) });
        progress();
        if (app.tracked) return;
        continue;
      }
      if (reboot) {
        this.track(app, 'RebootRequired', 'int', String(trackedAppReboot.soft));
        events.emit('autopilot', 299, data);
      }
      this.report(app, trackedAppState.completed);
      events.emit('autopilot', 296, data);
      progress();
    }
  }

  private async install(app: SelectedApp): Promise<{ hresult: number; reboot: boolean }> {
    try {
      return await installApp(this.context, this.gateway, app);
    } catch (error) {
      if (error instanceof DeploymentError || error instanceof NetworkError) return { hresult: error.hresult, reboot: false };
      throw error;
    }
  }

  private report(app: SelectedApp, state: number, error?: number): void {
    if (!app.tracked) return;
    if (error !== undefined) this.track(app, 'LastError', 'int', String(error | 0));
    this.track(app, 'InstallationState', 'int', String(state));
  }

  private track(app: SelectedApp, node: string, format: string, data: string): void {
    this.set(trackedApp(SIDECAR, 'device', win32TrackingName(app.id), node), format, data);
  }

  private set(uri: string, format: string, data: string | number): void {
    this.host.tree.set(uri, { format, data: String(data) });
  }
}
