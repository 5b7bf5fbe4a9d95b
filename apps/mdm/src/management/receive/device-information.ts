import { ManagedDevice } from '@greenscreen/model/intune';
import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { statusCode } from '@greenscreen/wire/syncml';
import { type SessionWork } from '../session/session-work.js';

/** `./DevInfo` of package 1: items that the client addresses by Source (reference 04, 4.2). */
export async function receiveDeviceInformation({ em, message, nodes, enrollment }: SessionWork): Promise<void> {
  const values = new Map<string, string>();
  for (const command of message.commands) {
    if (command.verb !== 'Replace') continue;
    for (const { source, target, meta, data } of command.items) {
      const uri = source ?? target;
      if (uri === undefined || data === undefined) continue;
      nodes.report({ uri, format: meta?.format ?? command.meta?.format, value: data, status: statusCode.ok });
      values.set(canonicalUri(uri), data);
    }
  }
  const manufacturer = values.get(canonicalUri('./DevInfo/Man'));
  const model = values.get(canonicalUri('./DevInfo/Mod'));
  if (manufacturer !== undefined) await em.update(ManagedDevice, { id: enrollment.id, manufacturer: '' }, { manufacturer });
  if (model !== undefined) await em.update(ManagedDevice, { id: enrollment.id, model: '' }, { model });
}
