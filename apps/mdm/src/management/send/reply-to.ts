import { type Command, type SyncMessage } from '@greenscreen/wire/syncml';

/** SessionID and MsgID come back as they were: both work on Windows when each message is answered before the next (reference 04, 4.2). */
export function replyTo({ header }: SyncMessage, commands: readonly Command[]): SyncMessage {
  const { sessionId, msgId, target, source } = header;
  return { header: { sessionId, msgId, target: source, source: target }, commands, final: true };
}
