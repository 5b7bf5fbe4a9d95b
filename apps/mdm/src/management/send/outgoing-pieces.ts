import { type DmCommand } from '@greenscreen/model/mdm-session';
import { encodeCommand, type TreeCommand } from '@greenscreen/wire/syncml';
import { escapeText } from '@greenscreen/wire/xml';
import { takesLargeObjects } from '../session/large-objects.js';
import { type SessionWork } from '../session/session-work.js';
import { treeCommand } from './tree-command.js';

/** A piece of a command's data: characters from `row.dataTaken` to `end`; null for the last one. */
export interface Piece {
  readonly row: DmCommand;
  readonly end: number | null;
}

/** What fits of a command that does not fit into a message, or the next piece of one that is under way; undefined for all others. */
export function pieceOf({ tenant }: SessionWork, [row, ...others]: readonly DmCommand[], room: number): Piece | undefined {
  if (!row || others.length > 0 || row.atomic !== null || row.data === null || !takesLargeObjects(tenant)) return undefined;
  const frame = encodeCommand(treeCommand({ ...row, data: '' }, Number.MAX_SAFE_INTEGER)).toBuffer().length;
  const end = endOfPiece(row.data, row.dataTaken, room - frame);
  if (end < row.data.length) return { row, end };
  return row.dataTaken > 0 ? { row, end: null } : undefined;
}

/** Where a piece ends that begins at a position and fits into a number of bytes on the wire: at least one character further. */
function endOfPiece(data: string, start: number, bytes: number): number {
  let left = bytes;
  let end = start;
  for (const character of data.slice(start)) {
    left -= Buffer.byteLength(escapeText(character), 'utf8');
    if (left < 0 && end > start) break;
    end += character.length;
  }
  return end;
}

/** The first piece says how many bytes the whole has; every piece but the last says that more comes (OMA DM Protocol 1.2, large objects). */
export function pieceCommand({ row, end }: Piece, cmdId: number): TreeCommand {
  const { items, ...command } = treeCommand({ ...row, data: row.data?.slice(row.dataTaken, end ?? undefined) ?? null }, cmdId);
  const size = row.dataTaken === 0 ? { size: Buffer.byteLength(row.data ?? '', 'utf8') } : {};
  return {
    ...command,
    items: items.map((item) => ({ ...item, meta: { ...item.meta, ...size }, ...(end === null ? {} : { moreData: true }) })),
  };
}
