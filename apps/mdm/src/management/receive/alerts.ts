import { type Alert, alertCode, alertType, type Item, loginStatuses, statusCode } from '@greenscreen/wire/syncml';
import { type SessionWork } from '../session/session-work.js';
import { advance } from '../state/advance.js';
import { associate } from '../state/associate.js';

type Handler = (work: SessionWork, item: Item) => void | Promise<void>;

/** What the client's alerts mean, by `Meta/Type` (reference 04, 4.3). Others are answered and otherwise left alone. */
const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  [alertType.loginStatus, noteLoginStatus],
  [alertType.msiResult, noteMsiResult],
  [alertType.userUnenrollment, unenroll],
]);

export async function receiveAlerts(work: SessionWork): Promise<void> {
  for (const command of work.message.commands) if (command.verb === 'Alert') await receiveAlert(work, command);
  await associate(work);
}

async function receiveAlert(work: SessionWork, { code, items }: Alert): Promise<void> {
  if (code === alertCode.sessionAbort) work.silent = true;
  for (const item of items) await handlers.get(item.meta?.type ?? '')?.(work, item);
}

function noteLoginStatus({ session }: SessionWork, { data }: Item): void {
  session.loginStatus = loginStatuses.find((status) => status === data?.trim()) ?? session.loginStatus;
}

/** An HRESULT under the MSI's node; 0 is success (EnterpriseDesktopAppManagement CSP). */
function noteMsiResult({ nodes }: SessionWork, { source, target, meta, data }: Item): void {
  const uri = source ?? target;
  if (uri !== undefined) nodes.report({ uri, format: meta?.format, value: data?.trim() ?? '', status: statusCode.ok });
}

/** The user has left management on the device: nothing is sent any more (reference 04, 4.3). */
async function unenroll(work: SessionWork): Promise<void> {
  work.silent = true;
  await advance(work, 'retired');
}
