import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type StsServices } from '../sts-services.js';
import { type TokenRequest } from '../token/token-request.js';
import { type SignedRequest } from './signed-request.js';
export async function deviceAttestationGrant(_sts: StsServices, _request: TokenRequest, _signed: SignedRequest): Promise<Reply> {
  throw new Fault('sts.70003');
}
