import { redirect, type Reply } from '@greenscreen/host/reply';
import { objectMoved } from '../authorize/response-modes.js';
import { type Realm } from '../realm/user-realm.js';
import { stsHeaders } from '../sts-reply.js';

/** What we are called at identity providers. */
export const FEDERATION_AUDIENCE = 'urn:federation:MicrosoftOnline';

/** Where a federated user signs in (WS-Federation 13.2.1); undefined when the domain is ours, or says of no address. */
export function identityProviderUrl({ kind, login, federation }: Realm, flowToken: string): string | undefined {
  const { authUrl } = federation;
  if (kind !== 'Federated' || !authUrl || !URL.canParse(authUrl)) return undefined;
  const url = new URL(authUrl);
  const members = { username: login, wa: 'wsignin1.0', wtrealm: FEDERATION_AUDIENCE, wctx: flowToken };
  for (const [name, value] of Object.entries(members)) url.searchParams.set(name, value);
  return url.toString();
}

export const toIdentityProvider = (location: string): Reply => redirect(location, objectMoved(location), stsHeaders());
