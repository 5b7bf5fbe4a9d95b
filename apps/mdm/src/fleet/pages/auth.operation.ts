import { type Reply } from '@greenscreen/host/reply';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { encodeFleetToken } from '@greenscreen/wire/fleet';
import { issueEnrollmentToken } from '../../enrollment/token/enrollment-token.store.js';
import { type MdmServices } from '../../mdm-services.js';
import { FleetServer } from '../fleet-server.js';
import { scriptPage, scriptText, serverError } from './web-page.js';

export interface FleetAuthQuery {
  readonly appru: string | undefined;
  readonly loginHint: string | undefined;
}

/** The token goes to an app on the device and nowhere else (reference 04, 1.4). */
const isAppAddress = (address: string): boolean => /^ms-app:\/\//i.test(address);

/** Posts a token for the hinted user to the app at once. Like Fleet, it asks for no password: a name is all it takes. */
export async function fleetAuth(mdm: MdmServices, { appru, loginHint }: FleetAuthQuery): Promise<Reply> {
  if (!appru || !loginHint || !isAppAddress(appru)) return serverError('appru and login_hint are required');
  const { tenant } = await FleetServer.ofRequest(mdm, 'mdm.TenantNotFound');
  const user = await mdm.em.findOneBy(DirectoryUser, { tenantId: tenant.id, upn: loginHint.trim().toLowerCase() });
  // Nobody by that name: a token that opens nothing, so that the page does not tell who exists.
  const authToken = user ? await issueEnrollmentToken(mdm, user) : mdm.random.token();
  const token = encodeFleetToken({ kind: 'automatic', authToken });
  return scriptPage(
    'Working on it',
    [
      'function performPost() {',
      "var form = document.createElement('form');",
      "form.method = 'POST';",
      `form.action = ${scriptText(appru, '"')};`,
      "var inputToken = document.createElement('input');",
      "inputToken.type = 'hidden';",
      "inputToken.name = 'wresult';",
      `inputToken.value = ${scriptText(token, "'")};`,
      'form.appendChild(inputToken); document.body.appendChild(form); form.submit(); }',
      'performPost();',
    ].join('\n'),
  );
}
