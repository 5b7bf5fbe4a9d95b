import { injectedDefect } from '@greenscreen/host/injection';
import { dmBatch, type DmCommand } from '@greenscreen/model/mdm-session';
import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { type Command, encodeCommand, type Group, type TreeCommand } from '@greenscreen/wire/syncml';
import { pieceCommand, pieceOf } from './outgoing-pieces.js';
import { treeCommand } from './tree-command.js';
import { type SessionWork } from '../session/session-work.js';

/** Bytes of one answer; what does not fit goes into the next one [our choice, reference 04, 4.2]. */
const MAXIMUM = 48 * 1024;
/** Header and frame of a message, generously. */
const FRAME = 1024;

/** The next commands in their batch's order, each at most once a session, marked as delivered. `size` bytes are taken already. */
export function deliverCommands(work: SessionWork, firstCmdId: number, size: number): Command[] {
  const { queue, session, message } = work;
  const room = Math.min(MAXIMUM, session.maxMsgSize ?? MAXIMUM) - FRAME - size;
  const commands: Command[] = [];
  let cmdId = firstCmdId;
  let taken = 0;
  for (const unit of unitsOf(due(work))) {
    const piece = commands.length === 0 ? pieceOf(work, unit, room) : undefined;
    if (piece) {
      queue.deliver(piece.row, { msgRef: message.header.msgId, cmdRef: String(cmdId), atomicRef: null }, piece.end);
      return [pieceCommand(piece, cmdId)];
    }
    const { command, refs } = encodeUnit(unit, cmdId);
    taken += encodeCommand(command).toBuffer().length;
    // One that never fits goes alone.
    if (commands.length > 0 && taken > room) break;
    for (const row of unit) queue.deliver(row, { msgRef: message.header.msgId, ...refs(row) });
    commands.push(command);
    cmdId += unit.length + (unit[0]?.atomic == null ? 0 : 1);
  }
  return commands;
}

/** The waiting commands of the lowest batch that may go: user scope only while the user is signed in (reference 04, 4.4). */
function due({ queue, session }: SessionWork): readonly DmCommand[] {
  const waiting = queue
    .unfinished(({ state, scope }) => state === 'queued' && (scope === 'device' || session.loginStatus === 'user'))
    .filter((command) => {
      if (!isOmitted(command)) return true;
      queue.settle(command, null, 'cancelled');
      return false;
    });
  // The rest of a value comes before anything else; a device that is about to leave gets nothing else.
  const begun = waiting.find(({ dataTaken }) => dataTaken > 0);
  if (begun) return [begun];
  const leaving = queue.unfinished(({ purpose }) => purpose === 'unenroll').length > 0;
  const batch = leaving ? dmBatch.unenroll : Math.min(...waiting.map((command) => command.batch));
  return waiting.filter((command) => command.batch === batch);
}

/** A fault can keep the service from sending a node's commands (reference 05, C.4). */
function isOmitted({ uri, verb }: DmCommand): boolean {
  const defect = injectedDefect('syncml');
  return defect?.omit === true && verb !== 'Get' && canonicalUri(defect.uri) === canonicalUri(uri);
}

/** What goes out together: the members of an Atomic, or one command. */
function unitsOf(commands: readonly DmCommand[]): DmCommand[][] {
  const units: DmCommand[][] = [];
  for (const command of commands) {
    const last = units.at(-1);
    if (last && command.atomic !== null && last[0]?.atomic === command.atomic) last.push(command);
    else units.push([command]);
  }
  return units;
}

interface EncodedUnit {
  readonly command: TreeCommand | Group;
  readonly refs: (row: DmCommand) => { cmdRef: string; atomicRef: string | null };
}

/** CmdIDs ascend through the message, members of an Atomic included: a public client wants one on each (reference 04, 4.2). */
function encodeUnit(unit: readonly DmCommand[], cmdId: number): EncodedUnit {
  const [only] = unit;
  if (only && only.atomic === null) return { command: treeCommand(only, cmdId), refs: () => ({ cmdRef: String(cmdId), atomicRef: null }) };
  return {
    command: { verb: 'Atomic', cmdId: String(cmdId), commands: unit.map((row, index) => treeCommand(row, cmdId + 1 + index)) },
    refs: (row) => ({ cmdRef: String(cmdId + 1 + unit.indexOf(row)), atomicRef: String(cmdId) }),
  };
}
