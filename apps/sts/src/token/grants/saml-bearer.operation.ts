import { type Reply } from '@greenscreen/host/reply';
import { federatedSignIn, samlOfParameter } from '../../federation/saml-assertion.js';
import { requireSecondFactor } from '../../second-factor/second-factor.store.js';
import { type StsServices } from '../../sts-services.js';
import { clientOf, requiredField, type TokenRequest, wantedOf } from '../token-request.js';
import { answerUserGrant } from '../user-grant.js';

/** `grant_type=urn:ietf:params:oauth:grant-type:saml1_1-bearer`: a user of a federated domain, by his identity provider's word (reference 02, 4.1). */
export async function samlBearerGrant(sts: StsServices, request: TokenRequest): Promise<Reply> {
  const assertion = requiredField(request, 'assertion');
  const { tenant, user, amr, authenticatedAt, now } = await federatedSignIn(sts, samlOfParameter(assertion), request.segment.tenant);
  Object.assign(request.signIn, { userId: user.id, upn: user.upn });
  const client = await clientOf(sts, request, tenant);
  const wanted = await wantedOf(sts, request, client, tenant, { resource: '00000002-0000-0000-c000-000000000000' });
  requireSecondFactor(tenant, user, amr, request.signIn.resource);
  const authentication = { tenant, user, amr, authenticatedAt };
  return sts.transaction((em) => answerUserGrant(sts, em, request, { authentication, client, wanted, now }));
}
