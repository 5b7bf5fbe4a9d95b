import { type Reply } from '@greenscreen/host/reply';
import { badRequest } from '../../enrollment/portal/page.js';
import { isBroker } from '../../enrollment/portal/terms-of-use.operation.js';
import { scriptPage, scriptText } from './web-page.js';

export interface FleetTermsQuery {
  readonly redirectUri: string | undefined;
  readonly clientRequestId: string | undefined;
}

/** Terms of use, for anybody; the request's id comes back as the opaque blob (reference 04, 1.5 and section 8). */
export function fleetTerms({ redirectUri, clientRequestId }: FleetTermsQuery): Reply {
  if (!redirectUri || !isBroker(redirectUri)) return badRequest('redirect_uri is required');
  const accepted = `?IsAccepted=true&OpaqueBlob=${encodeURIComponent(clientRequestId ?? '')}`;
  return scriptPage(
    'Terms of use',
    `function acceptBtn() { window.location = ${scriptText(redirectUri, '"')} + ${scriptText(accepted, '"')}; }
function declineBtn() { window.location = ${scriptText(redirectUri, '"')} + "?IsAccepted=false"; }`,
    '<p>This device will be managed by a lab.</p><button onclick="acceptBtn()">Accept</button><button onclick="declineBtn()">Decline</button>',
  );
}
