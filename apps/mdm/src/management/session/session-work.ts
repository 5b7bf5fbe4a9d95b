import { type MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { type DmProgress, type DmSession } from '@greenscreen/model/mdm-session';
import { type Tenant } from '@greenscreen/model/tenancy';
import { type SyncMessage } from '@greenscreen/wire/syncml';
import { type EntityManager } from 'typeorm';
import { type MdmServices } from '../../mdm-services.js';
import { AssignedWork } from './assigned-work.js';
import { type CommandQueue } from './command-queue.js';
import { type ManagementMessage } from './management-message.js';
import { type NodeStore } from './node-store.js';

/** One message of a session and everything that it may change, inside its transaction. The enrollment's row is locked. */
export class SessionWork {
  /** Nothing more goes out in this session: the device broke off or is no longer managed. */
  silent = false;
  /** This message began the session with the right credentials; the nonce is for the next one. */
  nextNonce: string | undefined;
  /** Statuses of Results that came in pieces; other Results have none. */
  readonly pieces: { readonly cmdId: string; readonly code: number }[] = [];
  /** The rest of a value that was under way did not come. */
  abandoned = false;
  /** This message told that a failed page begins anew. */
  retried = false;
  /** Whether there is something to write: most messages change neither. */
  readonly changes: { readonly enrollment: () => boolean; readonly progress: () => boolean };
  /** What the administrator has given to this device and to the user who is signed in. */
  readonly assigned: AssignedWork;

  constructor(
    readonly em: EntityManager,
    readonly input: ManagementMessage,
    readonly enrollment: MdmEnrollment,
    readonly session: DmSession,
    readonly progress: DmProgress,
    readonly queue: CommandQueue,
    readonly nodes: NodeStore,
  ) {
    this.assigned = new AssignedWork(em, () => ({
      tenantId: enrollment.tenantId,
      enrollmentId: enrollment.id,
      entraDeviceId: enrollment.entraDeviceId,
      signedInId: session.signedInId,
      ownUser: session.loginStatus === 'user',
    }));
    const states = ({ state, failedPhase, endedAt }: MdmEnrollment) => JSON.stringify([state, failedPhase, endedAt]);
    const before = { enrollment: states(enrollment), progress: JSON.stringify(progress) };
    this.changes = {
      enrollment: () => states(enrollment) !== before.enrollment,
      progress: () => JSON.stringify(progress) !== before.progress,
    };
  }

  get mdm(): MdmServices {
    return this.input.mdm;
  }

  get now(): Date {
    return this.input.now;
  }

  get tenant(): Tenant {
    return this.input.tenant;
  }

  get message(): SyncMessage {
    return this.input.message;
  }
}
