import { type EntityManager } from 'typeorm';
import { type dmBatch, DmCommand, type DmPurpose, type DmVerb } from './dm-command.entity.js';

/** For whom commands are. */
export interface CommandOwner {
  readonly enrollmentId: string;
  readonly tenantId: string;
  readonly at: Date;
}

export interface NewDmCommand {
  readonly verb: DmVerb;
  /** LocURI, percent-encoded as it goes out. */
  readonly uri: string;
  readonly purpose: DmPurpose;
  readonly batch: (typeof dmBatch)[keyof typeof dmBatch];
  /** Format of the data on the wire: `int`, `chr`, `bool`, `xml`, … */
  readonly format?: string | undefined;
  readonly data?: string | undefined;
  readonly pass?: number;
  readonly atomic?: string;
}

/** A command that waits for its device; user-scope nodes wait for the user too. */
export function dmCommand(em: EntityManager, { enrollmentId, tenantId, at }: CommandOwner, command: NewDmCommand): DmCommand {
  return em.create(DmCommand, {
    tenantId,
    enrollmentId,
    state: 'queued',
    batch: command.batch,
    pass: command.pass ?? 0,
    purpose: command.purpose,
    scope: /^\.\/User(\/|$)/i.test(command.uri) ? 'user' : 'device',
    verb: command.verb,
    uri: command.uri,
    format: command.format ?? null,
    data: command.data ?? null,
    atomic: command.atomic ?? null,
    sentIn: null,
    msgRef: null,
    cmdRef: null,
    atomicRef: null,
    deliveries: 0,
    dataTaken: 0,
    pieceEnd: null,
    status: null,
    queuedAt: at,
    endedAt: null,
  });
}

/** Queues commands for the device's next session, in their order. */
export async function queueCommands(em: EntityManager, owner: CommandOwner, ...commands: readonly NewDmCommand[]): Promise<void> {
  if (commands.length > 0)
    await em.insert(
      DmCommand,
      commands.map((command) => dmCommand(em, owner, command)),
    );
}
