import { type Command, type Status, statusCode, type SyncMessage } from '@greenscreen/wire/syncml';

/** A 200 for the header and for every command that is not itself an answer, in their order (reference 04, 4.2). */
export function acknowledgements({ header, commands }: SyncMessage): Status[] {
  const answered = commands.filter(({ verb }) => verb !== 'Status' && verb !== 'Results');
  return [{ cmdId: '0', verb: 'SyncHdr' }, ...answered].map(({ cmdId, verb }: Pick<Command, 'cmdId'> & { verb: string }, index) => ({
    verb: 'Status',
    cmdId: String(index + 1),
    msgRef: header.msgId,
    cmdRef: cmdId,
    cmd: verb,
    targetRefs: [],
    sourceRefs: [],
    code: statusCode.ok,
    items: [],
  }));
}
