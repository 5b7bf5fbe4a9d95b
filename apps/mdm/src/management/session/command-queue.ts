import { DmCommand, dmCommand, type NewDmCommand } from '@greenscreen/model/mdm-session';
import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { type EntityManager, In } from 'typeorm';

/** The session whose message is in hand, as far as the queue has to know it. */
export interface QueueOwner {
  readonly enrollmentId: string;
  readonly tenantId: string;
  /** Session id. */
  readonly session: string;
  readonly now: Date;
}

/** Under which message and CmdIDs a command went. */
export interface DeliveryRefs {
  readonly msgRef: string;
  readonly cmdRef: string;
  readonly atomicRef: string | null;
}

/** One statement for all commands that a message changes. */
const UPDATE = `UPDATE dm_command AS command
  SET state = now.state, sent_in = now.sent_in, msg_ref = now.msg_ref, cmd_ref = now.cmd_ref, atomic_ref = now.atomic_ref,
      deliveries = now.deliveries, data_taken = now.data_taken, piece_end = now.piece_end, status = now.status, ended_at = now.ended_at
  FROM jsonb_to_recordset($1::jsonb) AS now(id bigint, state text, sent_in uuid, msg_ref text, cmd_ref text, atomic_ref text,
      deliveries int, data_taken int, piece_end int, status int, ended_at timestamptz)
  WHERE command.id = now.id`;

const deliveryOf = ({ id, state, sentIn, msgRef, cmdRef, atomicRef, deliveries, dataTaken, pieceEnd, status, endedAt }: DmCommand) => ({
  id,
  state,
  sent_in: sentIn,
  msg_ref: msgRef,
  cmd_ref: cmdRef,
  atomic_ref: atomicRef,
  deliveries,
  data_taken: dataTaken,
  piece_end: pieceEnd,
  status,
  ended_at: endedAt,
});

/** The commands of one enrollment that wait or were delivered in this session. Changes reach Postgres with {@link flush}. */
export class CommandQueue {
  private readonly added: DmCommand[] = [];
  private readonly changed = new Set<DmCommand>();

  private constructor(
    private readonly em: EntityManager,
    private readonly owner: QueueOwner,
    private readonly stored: readonly DmCommand[],
  ) {}

  static async load(em: EntityManager, owner: QueueOwner): Promise<CommandQueue> {
    const { enrollmentId, session } = owner;
    const stored = await em.find(DmCommand, {
      where: [{ enrollmentId, state: In(['queued', 'sent', 'waiting']) }, { sentIn: session }],
      order: { id: 'ASC' },
    });
    return new CommandQueue(em, owner, stored);
  }

  /**
   * What an earlier session delivered without a final answer waits again (reference 04, 4.2 "Delivery"). A value of which the device has
   * taken a part begins anew.
   */
  requeue(): void {
    for (const command of this.stored) {
      if (command.state === 'queued' && command.dataTaken === 0) continue;
      Object.assign(command, { state: 'queued', dataTaken: 0, pieceEnd: null });
      this.changed.add(command);
    }
  }

  /** In the order of queuing. */
  get all(): readonly DmCommand[] {
    return [...this.stored, ...this.added];
  }

  add(...commands: readonly NewDmCommand[]): void {
    const { enrollmentId, tenantId, now } = this.owner;
    this.added.push(...commands.map((command) => dmCommand(this.em, { enrollmentId, tenantId, at: now }, command)));
  }

  /** Commands without a final answer. */
  unfinished(accepts: (command: DmCommand) => boolean): readonly DmCommand[] {
    return this.all.filter((command) => ['queued', 'sent', 'waiting'].includes(command.state) && accepts(command));
  }

  /** Commands that went out in this session, or will. */
  inThisSession(accepts: (command: DmCommand) => boolean): readonly DmCommand[] {
    return this.all.filter((command) => (command.sentIn === this.owner.session || command.state === 'queued') && accepts(command));
  }

  /** Whether this session asks for a node. */
  asks(uri: string): boolean {
    const key = canonicalUri(uri);
    return this.inThisSession(({ verb, uri: other }) => verb === 'Get' && canonicalUri(other) === key).length > 0;
  }

  /** What a message of this session carried under a CmdID; for an Atomic, all that was in it. */
  deliveredAs(msgRef: string, cmdRef: string): readonly DmCommand[] {
    const delivered = this.stored.filter((command) => command.sentIn === this.owner.session && command.msgRef === msgRef);
    return delivered.filter((command) => command.cmdRef === cmdRef || command.atomicRef === cmdRef);
  }

  /** Marks a command, or the piece of it that ends at `pieceEnd`, as delivered in this session. */
  deliver(command: DmCommand, refs: DeliveryRefs, pieceEnd: number | null = null): void {
    const deliveries = command.deliveries + (command.dataTaken === 0 ? 1 : 0);
    Object.assign(command, refs, { state: 'sent', sentIn: this.owner.session, deliveries, status: null, pieceEnd });
    this.changed.add(command);
  }

  /** The device has taken a piece and waits for the next; false when none was under way. */
  pieceTaken(command: DmCommand): boolean {
    if (command.pieceEnd === null) return false;
    Object.assign(command, { dataTaken: command.pieceEnd, pieceEnd: null, state: 'queued' });
    this.changed.add(command);
    return true;
  }

  /** Gives a command a status; `waiting` when it is to be tried again in the next session. */
  settle(command: DmCommand, status: number | null, state: 'done' | 'waiting' | 'cancelled'): void {
    command.status = status;
    command.state = state;
    command.endedAt = state === 'waiting' ? null : this.owner.now;
    if (state === 'cancelled') command.sentIn = this.owner.session;
    this.changed.add(command);
  }

  async flush(): Promise<void> {
    if (this.added.length > 0) await this.em.insert(DmCommand, this.added);
    const known = this.stored.filter((command) => this.changed.has(command));
    if (known.length > 0) await this.em.query(UPDATE, [JSON.stringify(known.map(deliveryOf))]);
  }
}
