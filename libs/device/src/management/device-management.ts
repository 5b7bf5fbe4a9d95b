import { dmClientProvider, under } from '@greenscreen/wire/dm-tree';
import { alertType, type Item, type LoginStatus } from '@greenscreen/wire/syncml';
import {
  CspTree,
  deviceInformation,
  dmClientIdentity,
  firstSyncMirror,
  firstSyncProvider,
  MsiManagement,
  trackingMirror,
  type UserContext,
  userScopeGate,
} from '../csp/index.js';
import { type ClientIdentity, DeploymentError, type DeviceContext, NetworkError } from '../context/index.js';
import { type MdmEnrollment } from '../enroll/index.js';
import { ManagementExtension } from '../ime/index.js';
import { runDmSession } from './dm-session.js';
import { type MsiResult, runMsiJob } from './msi-jobs.js';

export type ManagementContext = Pick<
  DeviceContext,
  'network' | 'clock' | 'random' | 'traits' | 'registry' | 'stores' | 'files' | 'events' | 'timeline'
>;

export interface ManagementOptions {
  readonly computerName: () => string;
  readonly hardwareHash: () => string | undefined;
}

/** Windows adds the query to the account's address [win-capture]. */
const QUERY = '?mode=Maintenance&Platform=WoA';
/** Name of the MSI that is the management extension. */
const AGENT_FILE = 'IntuneWindowsAgent.msi';

/** The device's side of an enrollment: its management tree, its sessions, the installers that they start, and the agent. */
export class DeviceManagement {
  readonly tree = new CspTree();
  /** There once its MSI has run. */
  agent: ManagementExtension | undefined;
  private readonly user: UserContext = { ready: false, refusals: 0 };
  private readonly msi: MsiManagement;
  private readonly link;
  private login: LoginStatus = 'others';
  private sessions = 0;
  private pendingAlerts: Item[] = [{ meta: { type: alertType.bootstrapSync }, data: 'device' }];

  constructor(
    private readonly context: ManagementContext,
    private readonly enrollment: MdmEnrollment,
    private readonly options: ManagementOptions,
  ) {
    const { account, nodes } = enrollment.document;
    this.link = { url: account.address + QUERY, identity: identityOf(enrollment), deviceId: enrollment.deviceId };
    this.msi = new MsiManagement(this.tree, context.registry);
    this.register();
    for (const { uri, format, data } of nodes) this.tree.set(uri, { format, data });
  }

  /** Id of the account's provider: `MS DM Server`. */
  get provider(): string {
    return this.enrollment.document.account.providerId;
  }

  /** One session. False when it did not come to its end: the next one will. */
  async sync(reason: string): Promise<boolean> {
    const { traits, timeline } = this.context;
    const alerts = [{ meta: { type: alertType.loginStatus }, data: this.login }, ...this.pendingAlerts];
    this.sessions += 1;
    timeline.note({ kind: 'local', what: `OMA-DM session ${this.sessions}: ${reason}` });
    try {
      await runDmSession(this.context, this.tree, this.link, {
        sessionId: String(this.sessions),
        alerts,
        information: {
          DevId: this.enrollment.deviceId,
          Man: traits.manufacturer,
          Mod: traits.model,
          DmV: '1.3',
          Lang: traits.locale,
        },
      });
    } catch (error) {
      if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
      timeline.note({ kind: 'local', what: `The session broke off: ${error.message}` });
      return false;
    }
    this.pendingAlerts = [];
    return true;
  }

  /** Runs the installers that sessions have queued; true when there were any. What they end with is told in the next session. */
  async runQueuedJobs(): Promise<boolean> {
    const jobs = this.msi.takeJobs();
    for (const queued of jobs) this.finished(await runMsiJob(this.context, this.msi, queued));
    return jobs.length > 0;
  }

  /** The session that tells MDM who the user is (06, D-B33): the token is for the MDM service, and names this device. */
  async associateUser(upn: string, token: () => Promise<string>): Promise<boolean> {
    this.pendingAlerts.push({ meta: { type: alertType.userToken }, data: await token() });
    return this.sync(`${upn} is the user of this device`);
  }

  /** The enrolled user is signed in to Windows: user-scope nodes can be written from now on. */
  userSignedIn(sid: string): void {
    this.login = 'user';
    this.user.ready = true;
    this.tree.register(trackingMirror(this.context, 'user', sid));
    this.pendingAlerts.push({ meta: { type: alertType.bootstrapSync }, data: 'user' });
  }

  private register(): void {
    const { context, enrollment, provider } = this;
    const { deviceId, enrollmentId } = enrollment;
    this.tree.register(
      userScopeGate(this.user),
      ...deviceInformation(context, { deviceId, ...this.options }),
      dmClientIdentity(provider, { HWDevID: () => undefined, UPN: () => enrollment.upn }),
      firstSyncProvider(this.tree, provider, 'device'),
      firstSyncProvider(this.tree, provider, 'user'),
      firstSyncMirror(context, provider, enrollmentId),
      trackingMirror(context, 'device', 'Device'),
      this.msi,
    );
  }

  private finished({ uri, job, hresult }: MsiResult): void {
    this.pendingAlerts.push({
      source: uri,
      meta: { type: alertType.msiResult, format: 'int', mark: 'informational' },
      data: String(hresult),
    });
    if (hresult !== 0 || !job.urls.some((url) => url.includes(AGENT_FILE))) return;
    this.context.timeline.note({ kind: 'local', what: 'Service "Microsoft Intune Management Extension" is installed' });
    this.agent = new ManagementExtension(this.context, {
      tree: this.tree,
      identity: this.link.identity,
      deviceId: () => this.tree.read(under(dmClientProvider(provider(this.enrollment)), 'EntDMID')) ?? '',
    });
  }
}

const provider = ({ document }: MdmEnrollment): string => document.account.providerId;

const identityOf = ({ certificate, keys }: MdmEnrollment): ClientIdentity => ({ certificate: certificate.der, key: keys.privateKey });
