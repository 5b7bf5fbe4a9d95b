import { alertCode, alertType, type Item, type LoginStatus } from '@greenscreen/wire/syncml';
import { BackgroundWork, WindowsInstaller } from '../background/index.js';
import { CspTree, type DeviceAction, enrollmentKey, type RestartPolicies, trackingMirror, type UserContext } from '../csp/index.js';
import { type ClientIdentity, DeploymentError, type DeviceContext, NetworkError } from '../context/index.js';
import { type MdmEnrollment } from '../enroll/index.js';
import { runDmSession } from './dm-session.js';
import { Installations } from './installations.js';
import { pollInterval } from './poll-schedule.js';
import { registerProviders } from './register-providers.js';

export type ManagementContext = Pick<
  DeviceContext,
  'network' | 'clock' | 'random' | 'traits' | 'keys' | 'registry' | 'stores' | 'files' | 'events' | 'timeline'
>;

export interface ManagementOptions {
  readonly computerName: () => string;
  readonly hardwareHash: () => string | undefined;
  /** What a changed PC has to say for itself (reference 05, 20). */
  readonly hardwareMismatch?: () => string | undefined;
}

/** Windows adds the query to the account's address [win-capture]. */
const QUERY = '?mode=Maintenance&Platform=WoA';
/** 12 bytes make the 16 base64 digits of a correlation vector's base. */
const VECTOR_BYTES = 12;
const SECOND_MS = 1000;

/** The device's side of an enrollment: its management tree, its sessions, and what goes on behind them. */
export class DeviceManagement {
  readonly tree = new CspTree();
  readonly background: BackgroundWork;
  readonly installations: Installations;
  readonly restarts: RestartPolicies;
  /** How often a node has changed. */
  changes = 0;
  private readonly user: UserContext;
  private readonly vector: string;
  private login: LoginStatus = 'others';
  private sessions = 0;
  private alerts: Item[] = [{ meta: { type: alertType.bootstrapSync }, data: 'device' }];
  private requested: string | undefined = 'the device has been enrolled';
  private nextSyncAt = 0;
  private watcher: (() => void) | undefined;
  private ended: DeviceAction | undefined;
  private readonly accepted: DeviceAction[] = [];
  /** Of the account, for a server that asks; the nonce changes. */
  private readonly credentials: { readonly name: string; readonly secret: string; nonce: string };

  constructor(
    private readonly context: ManagementContext,
    private readonly enrollment: MdmEnrollment,
    options: ManagementOptions,
  ) {
    this.user = { ready: false, refusals: context.traits.userScope405 ?? 0 };
    const { userName, secret, nonce } = enrollment.document.account.server;
    this.credentials = { name: userName, secret, nonce };
    this.vector = `${context.random.bytes(VECTOR_BYTES).toString('base64')}.0.0`;
    this.background = new BackgroundWork(context.clock);
    const { msi, modernApps, certificates, restarts } = registerProviders(this.tree, context, {
      enrollment,
      options,
      user: this.user,
      changed: () => this.noteChange(),
      accept: (action) => this.accepted.push(action),
    });
    this.restarts = restarts;
    this.installations = new Installations(
      { ...context, clock: this.background.clock },
      {
        tree: this.tree,
        provider: this.provider,
        background: this.background,
        installer: new WindowsInstaller(this.background.clock),
        msi,
        modernApps,
        certificates,
        identity: () => this.identity,
        report: (alert) => this.alerts.push(alert),
        requestSync: (why) => this.requestSync(why),
      },
    );
    for (const { uri, format, data } of enrollment.document.nodes) this.tree.set(uri, { format, data });
  }

  /** Id of the account's provider: `MS DM Server`. */
  get provider(): string {
    return this.enrollment.document.account.providerId;
  }

  /** Why a session is due: something has happened, or the schedule says so (06 D-B51). */
  get due(): string | undefined {
    if (this.requested !== undefined) return this.requested;
    return this.context.clock.now().getTime() >= this.nextSyncAt ? 'the schedule' : undefined;
  }

  /** Milliseconds until the schedule wants a session; whole seconds. */
  get untilSync(): number {
    return Math.max(0, Math.ceil((this.nextSyncAt - this.context.clock.now().getTime()) / SECOND_MS) * SECOND_MS);
  }

  /** One session. False when it did not come to its end: what it would have told is told by the next one. */
  async sync(reason: string): Promise<boolean> {
    const { timeline } = this.context;
    if (this.ended !== undefined) return false;
    const told = this.alerts;
    this.alerts = [];
    this.requested = undefined;
    this.sessions += 1;
    timeline.note({ kind: 'local', what: `OMA-DM session ${this.sessions}: ${reason}` });
    const done = await this.session([{ meta: { type: alertType.loginStatus }, data: this.login }, ...told]);
    if (!done) this.alerts.unshift(...told);
    this.nextSyncAt = this.context.clock.now().getTime() + pollInterval(this.tree, this.provider, this.sessions);
    for (const action of this.accepted.splice(0)) this.perform(action);
    this.installations.startQueued();
    return done;
  }

  /** Has somebody told of every change of a node, as it happens, while some work goes on. */
  async watched<T>(watcher: () => void, work: () => Promise<T>): Promise<T> {
    this.watcher = watcher;
    try {
      return await work();
    } finally {
      this.watcher = undefined;
    }
  }

  /** Something has happened that the server wants to know of. */
  requestSync(why: string): void {
    this.requested ??= why;
    this.background.look();
  }

  /** The session that tells MDM who the user is (06, D-B33): the token is for the MDM service, and names this device. */
  async associateUser(upn: string, token: () => Promise<string>): Promise<boolean> {
    this.alerts.push({ meta: { type: alertType.userToken }, data: await token() });
    return this.sync(`${upn} is the user of this device`);
  }

  /** The enrolled user is signed in to Windows: user-scope nodes can be written from now on. */
  userSignedIn(sid: string): void {
    if (this.user.ready) return;
    this.login = 'user';
    this.user.ready = true;
    this.tree.register(trackingMirror(this.context, 'user', sid));
    this.alerts.push({ meta: { type: alertType.bootstrapSync }, data: 'user' });
    this.requestSync('the user has signed in');
  }

  /** The user leaves the organization: one last session says so (alert 1226), then the enrollment goes (reference 04, 4.3). */
  async leave(): Promise<void> {
    await this.session([{ meta: { type: alertType.userUnenrollment, format: 'int', mark: 'critical' }, data: '1' }], alertCode.generic);
    this.perform('unenroll');
  }

  /** Windows shuts down: what goes on behind ends where it stands; services come up again with Windows. */
  shutDown(): void {
    this.background.shutDown();
    this.installations.shutDown();
  }

  private get identity(): ClientIdentity {
    return { certificate: this.enrollment.certificate.der, key: this.enrollment.keys.privateKey };
  }

  private async session(events: readonly Item[], eventCode: number = alertCode.clientEvent): Promise<boolean> {
    const { traits, timeline } = this.context;
    const { document, deviceId } = this.enrollment;
    const link = { url: document.account.address + QUERY, identity: this.identity, deviceId, credentials: this.credentials };
    try {
      await runDmSession(this.context, this.tree, link, {
        sessionId: String(this.sessions),
        events,
        eventCode,
        vector: this.vector,
        information: { DevId: deviceId, Man: traits.manufacturer, Mod: traits.model, DmV: '1.3', Lang: traits.locale },
      });
      return true;
    } catch (error) {
      if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
      timeline.note({ kind: 'local', what: `The session broke off: ${error.message}` });
      return false;
    }
  }

  private noteChange(): void {
    this.changes += 1;
    this.watcher?.();
    this.background.look();
  }

  /** What the server has had accepted is done when its session is over. */
  private perform(action: DeviceAction): void {
    const { registry, stores, timeline } = this.context;
    timeline.note({ kind: 'local', what: `The administrator's action is done: ${action}` });
    if (action === 'restart') return this.shutDown();
    this.ended = action;
    this.shutDown();
    const { certificate, enrollmentId } = this.enrollment;
    registry.deleteKey(enrollmentKey(enrollmentId));
    stores.remove(certificate.store, certificate.thumbprint);
  }
}
