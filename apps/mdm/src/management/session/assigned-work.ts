import { type Assigned, type AssignmentSubject, IntuneApp, IntunePolicy, whatApplies } from '@greenscreen/model/mdm-session';
import { type EntityManager } from 'typeorm';

/** Something that applies, with its record. */
export interface AssignedApp extends Assigned {
  readonly app: IntuneApp;
}
export interface AssignedPolicy extends Assigned {
  readonly policy: IntunePolicy;
}

/** Apps and policies that apply to a device and its signed-in user; each kind is read when somebody asks for it, and once. */
export class AssignedWork {
  private applicable: Promise<Assigned[]> | undefined;
  private appRows: Promise<AssignedApp[]> | undefined;
  private policyRows: Promise<AssignedPolicy[]> | undefined;

  /** `subject` is asked as late as possible: who is signed in is known when the message has been taken in. */
  constructor(
    private readonly em: EntityManager,
    private readonly subject: () => AssignmentSubject,
  ) {}

  all(): Promise<Assigned[]> {
    return (this.applicable ??= whatApplies(this.em, this.subject()));
  }

  /** Required apps, in the order of installation. */
  apps(): Promise<AssignedApp[]> {
    return (this.appRows ??= this.loadApps());
  }

  /** Apps that the device is to have whoever is signed in: its status page waits for them. */
  async deviceApps(): Promise<IntuneApp[]> {
    return (await this.apps()).filter(({ via }) => via === 'device').map(({ app }) => app);
  }

  policies(): Promise<AssignedPolicy[]> {
    return (this.policyRows ??= this.loadPolicies());
  }

  private async loadApps(): Promise<AssignedApp[]> {
    const wanted = (await this.all()).filter(({ kind, intent }) => kind === 'app' && intent === 'required');
    if (wanted.length === 0) return [];
    const rows = await this.em.findBy(IntuneApp, { tenantId: this.subject().tenantId });
    return wanted.flatMap((assigned) => rows.filter(({ id }) => id === assigned.id).map((app) => ({ ...assigned, app })));
  }

  private async loadPolicies(): Promise<AssignedPolicy[]> {
    const wanted = (await this.all()).filter(({ kind }) => kind === 'policy');
    if (wanted.length === 0) return [];
    const rows = await this.em.findBy(IntunePolicy, { tenantId: this.subject().tenantId });
    return wanted.flatMap((assigned) => rows.filter(({ id }) => id === assigned.id).map((policy) => ({ ...assigned, policy })));
  }
}
