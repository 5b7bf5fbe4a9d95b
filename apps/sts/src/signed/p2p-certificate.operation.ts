import { sidOfObjectId } from '@greenscreen/crypto/sid';
import { runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { stsJson } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { type TokenRequest } from '../token/token-request.js';
import { deviceChecks, DeviceSigned } from './device-signed.js';
import { csrOf, issueP2p, p2pDeviceSubject, p2pUserSubject } from './p2p-certificate.js';
import { sessionChecks, SessionSigned } from './session-signed.js';
import { type SignedRequest } from './signed-request.js';

const HOST_NAME = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/i;

/** `dns_names` of the payload; what is no host name is left out. */
function namesOf({ jws }: SignedRequest): string[] {
  const { dns_names: names } = jws.payload;
  return Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string' && HOST_NAME.test(name)) : [];
}

/** A device's P2P certificate, asked for with its device certificate (reference 02, 8.3). */
export async function p2pDeviceCertificate(sts: StsServices, request: TokenRequest, signed: SignedRequest): Promise<Reply> {
  const state = new DeviceSigned(sts, request, signed);
  await runChecks(state, deviceChecks);
  if (signed.text('cert_token_use') !== 'device_cert') throw new Fault('sts.90023');
  const { device } = state.identity;
  const subject = p2pDeviceSubject(device.deviceId, state.tenant.id, namesOf(signed));
  return stsJson(200, await issueP2p(sts.authorities, csrOf(signed), subject, state.now));
}

/** A user's P2P certificate, asked for with a PRT. Answered in plain JSON, unlike other uses of a PRT (reference 02, 8.3 [client]). */
export async function p2pUserCertificate(sts: StsServices, request: TokenRequest, signed: SignedRequest): Promise<Reply> {
  const state = new SessionSigned(sts, signed, request.signIn, request.segment.tenant);
  await runChecks(state, sessionChecks);
  const subject = p2pUserSubject(state.user.upn, sidOfObjectId(state.user.id), state.tenant.id);
  return stsJson(200, await issueP2p(sts.authorities, csrOf(signed), subject, state.now));
}
