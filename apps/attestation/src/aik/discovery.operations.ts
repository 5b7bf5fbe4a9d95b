import { encodeSignedData } from '@greenscreen/crypto/cms';
import { reply, type Reply } from '@greenscreen/host/reply';
import { type AikAuthority } from '@greenscreen/model/attestation';
import { aikCapabilities, encodeCapabilities, scepMediaTypes } from '@greenscreen/wire/scep';
import { serviceHeaders } from '../attestation.errors.js';
import { type AttestationServices } from '../attestation-services.js';
import { registrationAuthority } from './registration-authority.js';

/** GetCACaps. Whoever asks will want the chain next, so its keys are made meanwhile. */
export function getCaCaps(services: AttestationServices, authority: AikAuthority): Reply {
  services.prepare(registrationAuthority(services, authority));
  return reply(200, scepMediaTypes.capabilities, encodeCapabilities(aikCapabilities), serviceHeaders());
}

/** GetCACertChain: root, issuing authority, RA Signing, RA Encryption, in this order, signed by the RA (reference 03, 2.4). */
export async function getCaCertChain(services: AttestationServices, authority: AikAuthority): Promise<Reply> {
  const { root, issuing, signing, encryption } = await registrationAuthority(services, authority);
  const certificates = [root, issuing, signing, encryption].map(({ certificate }) => certificate);
  return reply(200, scepMediaTypes.chain, encodeSignedData({ certificates, signer: signing }), serviceHeaders());
}

/** GetCACert, for clients of standard SCEP: issuing authority and both RA certificates, signed by nobody. */
export async function getCaCert(services: AttestationServices, authority: AikAuthority): Promise<Reply> {
  const { issuing, signing, encryption } = await registrationAuthority(services, authority);
  const certificates = [issuing, signing, encryption].map(({ certificate }) => certificate);
  return reply(200, scepMediaTypes.authorities, encodeSignedData({ certificates }), serviceHeaders());
}
