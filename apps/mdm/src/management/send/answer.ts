import { encodeCommand, encodeSyncMessage, statusCode, type SyncMessage } from '@greenscreen/wire/syncml';
import { type SessionWork } from '../session/session-work.js';
import { acknowledgements, type HeaderStatus } from './acknowledgements.js';
import { challengeOf } from '../session/authenticate-session.js';
import { deliverCommands } from './deliver-commands.js';
import { withPieces } from './incoming-pieces.js';
import { replyTo } from './reply-to.js';

/**
 * The answer to a message: statuses first, then commands, always final (reference 04, 4.2). Without a command the session is over; a
 * client that goes on acknowledging our statuses gets nothing but Final, which is the only thing that stops one of them.
 */
export function answerOf(work: SessionWork): Buffer {
  const { session, message, now } = work;
  const statuses = withPieces(work, acknowledgements(message, headerStatus(work)));
  const size = statuses.reduce((sum, status) => sum + encodeCommand(status).toBuffer().length, 0);
  // A device that is in the middle of a value is asked for the rest of it and for nothing else.
  const halts = work.silent || session.endedAt !== null || session.partial !== null;
  const commands = halts ? [] : deliverCommands(work, statuses.length + 1, size);
  if (commands.length === 0 && session.partial === null) session.endedAt ??= now;
  const echoed = commands.length === 0 && onlyAcknowledgesStatuses(message);
  return encodeSyncMessage(replyTo(message, echoed ? [] : [...statuses, ...commands]));
}

const onlyAcknowledgesStatuses = ({ header, commands }: SyncMessage): boolean =>
  Number(header.msgId) > 1 && commands.length > 0 && commands.every((command) => command.verb === 'Status' && command.cmdRef === '0');

/** 212 for a session that was let in by its credentials, with the nonce of the next one. */
const headerStatus = ({ nextNonce }: SessionWork): HeaderStatus =>
  nextNonce === undefined ? { code: statusCode.ok } : { code: statusCode.authenticationAccepted, challenge: challengeOf(nextNonce) };
