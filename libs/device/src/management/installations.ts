import { dmClientProvider, under } from '@greenscreen/wire/dm-tree';
import { alertType, type Item } from '@greenscreen/wire/syncml';
import { type BackgroundWork, type WindowsInstaller } from '../background/index.js';
import {
  type ClientCertificateInstall,
  type CspTree,
  type ModernAppManagement,
  type MsiManagement,
  type QueuedMsiJob,
} from '../csp/index.js';
import { type ClientIdentity } from '../context/index.js';
import { ManagementExtension } from '../ime/index.js';
import { requestCertificate } from './certificate-requests.js';
import { installModernApp } from './install-modern-app.js';
import { type ManagementContext } from './device-management.js';
import { type MsiResult, type MsiTrouble, runMsiJob } from './msi-jobs.js';

/** Name of the MSI that is the management extension. */
const AGENT_FILE = 'IntuneWindowsAgent.msi';

interface Workshop {
  readonly tree: CspTree;
  readonly provider: string;
  readonly background: BackgroundWork;
  readonly installer: WindowsInstaller;
  readonly msi: MsiManagement;
  readonly modernApps: ModernAppManagement;
  readonly certificates: ClientCertificateInstall;
  readonly identity: () => ClientIdentity;
  /** For the next session. */
  readonly report: (alert: Item) => void;
  readonly requestSync: (why: string) => void;
}

const isAgent = ({ job }: QueuedMsiJob | MsiResult): boolean => job.urls.some((url) => url.includes(AGENT_FILE));

/** What sessions have started and goes on behind them: MSIs one after the other, certificate requests, and the management extension. */
export class Installations {
  private readonly jobs: QueuedMsiJob[] = [];
  /** LocURI of the product whose job runs, or waits for its next attempt. */
  private underWay: string | undefined;
  private jobsRun = false;
  private agent: ManagementExtension | undefined;
  private agentInstalled = false;
  private agentRun: 'none' | 'running' | 'ended' = 'none';
  private appsMayInstall = false;

  constructor(
    private readonly context: ManagementContext,
    private readonly workshop: Workshop,
  ) {}

  /** Starts what the last session has queued. */
  startQueued(): void {
    const { msi, modernApps, certificates, background } = this.workshop;
    // A product that is asked for again while its job is under way is installed once: its attempts go on.
    this.jobs.push(...msi.takeJobs().filter(({ uri }) => uri !== this.underWay));
    if (this.jobs.length > 0 && !this.jobsRun) {
      this.jobsRun = true;
      background.start(() => this.runJobs());
    }
    for (const app of modernApps.takeInstallations())
      background.start(async () => modernApps.report(app, await installModernApp(this.context, app)));
    for (const request of certificates.takeRequests())
      background.start(async () => certificates.report(request, await requestCertificate(this.context, request)));
  }

  /** The management extension is a service: it comes up with Windows once it is there. */
  startServices(): void {
    if (!this.agentInstalled || this.agentRun !== 'none') return;
    const agent = (this.agent ??= this.newAgent());
    this.agentRun = 'running';
    this.workshop.background.start(async () => {
      await agent.run(() => this.appsMayInstall);
      this.agentRun = 'ended';
    });
  }

  /** The management extension looks once more what it has to do, when it had come to its end. */
  checkInAgain(): void {
    if (this.agentRun === 'ended') this.agentRun = 'none';
  }

  /** Device setup has begun: apps are installed from now on. */
  allowApps(): void {
    this.appsMayInstall = true;
    this.workshop.background.look();
  }

  shutDown(): void {
    this.jobs.length = 0;
    this.underWay = undefined;
    this.jobsRun = false;
    this.agent = undefined;
    this.agentRun = 'none';
    this.appsMayInstall = false;
  }

  private async runJobs(): Promise<void> {
    const { context, workshop } = this;
    for (let queued = this.jobs.shift(); queued; queued = this.jobs.shift()) {
      this.underWay = queued.uri;
      const result = await runMsiJob({ context, ...workshop }, queued, isAgent(queued) ? () => this.trouble : undefined);
      this.underWay = undefined;
      await this.finished(result);
    }
    this.jobsRun = false;
  }

  private get trouble(): MsiTrouble | undefined {
    const { ime, processors = Infinity } = this.context.traits;
    // The installer and what else begins then leave a single processor no time (reference 05, 92).
    if (processors < 2) return 'stall';
    return ime === 'stall' || ime === 'fail' ? ime : undefined;
  }

  /** The result goes into the next session, which is due now; of the management extension once it has had time to come up. */
  private async finished(result: MsiResult): Promise<void> {
    const { uri, hresult } = result;
    if (hresult === 0 && isAgent(result)) {
      this.context.timeline.note({ kind: 'local', what: 'Service "Microsoft Intune Management Extension" is installed' });
      this.agent = this.newAgent();
      await this.agent.comeUp();
      this.agentInstalled = true;
    }
    this.workshop.report({
      source: uri,
      meta: { type: alertType.msiResult, format: 'int', mark: 'informational' },
      data: String(hresult | 0),
    });
    this.workshop.requestSync('an installer has finished');
    this.startServices();
  }

  private newAgent(): ManagementExtension {
    const { tree, provider, background, installer, identity, requestSync } = this.workshop;
    return new ManagementExtension(this.context, {
      tree,
      background,
      installer,
      identity,
      deviceId: () => tree.read(under(dmClientProvider(provider), 'EntDMID')) ?? '',
      appFinished: () => requestSync('an app has been installed'),
    });
  }
}
