import { type Command, type Meta, type Status, statusCode, type SyncMessage } from '@greenscreen/wire/syncml';

/** What the header's status says. */
export interface HeaderStatus {
  readonly code: number;
  /** When credentials are wanted, or for the next session. */
  readonly challenge?: Meta;
}

/** A status for the header and for every command that is not itself an answer, in their order; 200 unless told otherwise (reference 04, 4.2). */
export function acknowledgements(
  { header, commands }: SyncMessage,
  headerStatus: HeaderStatus = { code: statusCode.ok },
  code: number = statusCode.ok,
): Status[] {
  const answered = commands.filter(({ verb }) => verb !== 'Status' && verb !== 'Results');
  const status = ({ cmdId, verb }: Pick<Command, 'cmdId'> & { verb: string }, index: number): Status => ({
    verb: 'Status',
    cmdId: String(index + 1),
    msgRef: header.msgId,
    cmdRef: cmdId,
    cmd: verb,
    targetRefs: [],
    sourceRefs: [],
    code,
    items: [],
  });
  return [
    { ...status({ cmdId: '0', verb: 'SyncHdr' }, 0), ...headerStatus },
    ...answered.map((command, index) => status(command, index + 1)),
  ];
}
