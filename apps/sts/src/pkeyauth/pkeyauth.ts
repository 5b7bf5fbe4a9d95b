import { currentExchange, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type EntraDevice } from '@greenscreen/model/directory';
import { announcesPKeyAuth, decodePKeyAuthAnswer, type PKeyAuthChallenge } from '@greenscreen/wire/oauth';
import { deviceChecks, DeviceSigned } from '../signed/device-signed.js';
import { readSigned } from '../signed/signed-request.js';
import { type StsServices } from '../sts-services.js';
import { type TenantSegment } from '../tenancy/tenant-segment.js';
import { issueNonce } from '../tokens/nonce.store.js';
import { type SignIn } from '../tokens/sign-in-log.js';

/** What a request says about its device: proven, not asked yet by a client that could answer, or nothing to be had. */
export type PKeyAuth =
  { readonly kind: 'device'; readonly device: EntraDevice } | { readonly kind: 'unasked' } | { readonly kind: 'nothing' };

/**
 * Reads the answer to a challenge (MS-PKAP 3.1.5.1). One that is wrong is refused: AADSTS50099 by its signature, 50013 by its audience,
 * 50155, 135011 and 140000 as of any device. A client without a certificate answers with none, and goes on without a device.
 */
export async function pkeyAuth(sts: StsServices, segment: TenantSegment, signIn: SignIn): Promise<PKeyAuth> {
  const { headers } = currentExchange();
  const answer = decodePKeyAuthAnswer(headers.authorization);
  if (!answer) return { kind: announcesPKeyAuth(headers) ? 'unasked' : 'nothing' };
  if (answer.token === undefined) return { kind: 'nothing' };
  const token = readSigned(answer.token);
  requireAudience(token.text('aud') ?? '');
  const signed = { jws: token.jws, grant: 'pkeyauth', text: (name: string) => token.text(name === 'request_nonce' ? 'nonce' : name) };
  const state = new DeviceSigned(sts, { segment, signIn }, signed);
  try {
    await runChecks(state, deviceChecks);
  } catch (error) {
    if (error instanceof Fault && error.code === 'sts.900384') throw new Fault('sts.50099', {}, { cause: error });
    throw error;
  }
  return { kind: 'device', device: state.identity.device };
}

/** The address that the answer was made for: this one, whatever its query and the case of its path. */
function requireAudience(audience: string): void {
  const path = (url: string): string => url.split('?')[0]?.toLowerCase() ?? '';
  const here = path(currentExchange().path);
  if (!URL.canParse(audience) || path(new URL(audience).pathname) !== here) throw new Fault('sts.50013');
}

export async function pkeyAuthChallenge(sts: StsServices, tenantId: string | undefined, submitUrl?: string): Promise<PKeyAuthChallenge> {
  const nonce = await issueNonce(sts, tenantId ?? null);
  return { nonce, context: sts.random.token(24), ...(submitUrl === undefined ? {} : { submitUrl }) };
}
