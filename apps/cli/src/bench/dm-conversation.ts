import { type ClientIdentity, type DeviceNetwork } from '@greenscreen/device/context';
import { alertCode, type Command, decodeSyncMessage, encodeSyncMessage, SYNCML_TYPE, type SyncMessage } from '@greenscreen/wire/syncml';
import { send } from './entra-requests.js';

const MANAGEMENT = 'https://r.manage.microsoft.com/devicegatewayproxy/cimhandler.ashx';

/** A device that says yes to everything and knows nothing: what its sessions cost is the server's part. */
export class DmConversation {
  private sessions = 0;

  constructor(
    private readonly network: DeviceNetwork,
    private readonly identity: ClientIdentity,
    private readonly deviceId: string,
  ) {}

  /** Runs a session to its end; how many messages it took. */
  async session(): Promise<number> {
    this.sessions += 1;
    let messages = 1;
    let answer = await this.exchange(messages, [{ verb: 'Alert', cmdId: '2', code: alertCode.clientInitiated, items: [] }]);
    for (let said = reactions(answer); said.length > 1; said = reactions(answer)) answer = await this.exchange(++messages, said);
    return messages;
  }

  private async exchange(msgId: number, commands: readonly Command[]): Promise<SyncMessage> {
    const header = { sessionId: String(this.sessions), msgId: String(msgId), target: MANAGEMENT, source: this.deviceId };
    const response = await send(this.network, {
      service: 'omadm',
      operation: 'Session',
      method: 'POST',
      url: MANAGEMENT,
      headers: { 'content-type': SYNCML_TYPE },
      body: encodeSyncMessage({ header, commands, final: true }),
      clientCertificate: this.identity,
    });
    return decodeSyncMessage(response.body);
  }
}

/** A status for the header and for every command: 404 for what is asked, 200 for the rest. */
function reactions({ header, commands }: SyncMessage): Command[] {
  const work = commands.flatMap((command): Command[] => ('commands' in command ? [command, ...command.commands] : [command]));
  const answered = work.filter(({ verb }) => verb !== 'Status' && verb !== 'Results' && verb !== 'Alert');
  const refs: readonly { readonly cmdId: string; readonly verb: string }[] = [{ cmdId: '0', verb: 'SyncHdr' }, ...answered];
  return refs.map(({ cmdId, verb }, index): Command => ({
    verb: 'Status',
    cmdId: String(index + 1),
    msgRef: header.msgId,
    cmdRef: cmdId,
    cmd: verb,
    targetRefs: [],
    sourceRefs: [],
    code: verb === 'Get' ? 404 : 200,
    items: [],
  }));
}
