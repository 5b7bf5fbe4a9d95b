import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { statusCode } from '@greenscreen/wire/syncml';
import { type SessionWork } from '../session/session-work.js';

/** What is known already stays. */
const UPDATE = `UPDATE managed_device SET last_sync_date_time = $2,
    manufacturer = CASE manufacturer WHEN '' THEN coalesce($3, '') ELSE manufacturer END,
    model = CASE model WHEN '' THEN coalesce($4, '') ELSE model END
  WHERE id = $1`;

/** When the device has synchronized, and `./DevInfo` of package 1: items that the client addresses by Source (reference 04, 4.2). */
export async function receiveDeviceInformation({ em, message, nodes, enrollment, session }: SessionWork): Promise<void> {
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
  if (session.messages > 1 && manufacturer === undefined && model === undefined) return;
  await em.query(UPDATE, [enrollment.id, session.startedAt, manufacturer, model]);
}
