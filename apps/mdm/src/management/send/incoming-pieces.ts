import { alertCode, type Command } from '@greenscreen/wire/syncml';
import { type SessionWork } from '../session/session-work.js';

/** Adds what the device is told of values in pieces: a status for each piece, and that the next one is awaited, or that the rest never came. */
export function withPieces({ message, pieces, session, abandoned }: SessionWork, statuses: readonly Command[]): Command[] {
  const all = [...statuses];
  const next = (): string => String(all.length + 1);
  for (const { cmdId: cmdRef, code } of pieces) {
    const refs = { msgRef: message.header.msgId, cmdRef, targetRefs: [], sourceRefs: [], items: [] };
    all.push({ verb: 'Status', cmdId: next(), cmd: 'Results', code, ...refs });
  }
  if (abandoned) all.push({ verb: 'Alert', cmdId: next(), code: alertCode.noEndOfData, items: [] });
  if (session.partial) all.push({ verb: 'Alert', cmdId: next(), code: alertCode.nextMessage, items: [] });
  return all;
}
