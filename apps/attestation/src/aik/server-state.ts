import {
  CmsError,
  decodeSignedData,
  decryptEnvelopedData,
  encodeEnvelopedData,
  encodeSignedData,
  verifySignedData,
} from '@greenscreen/crypto/cms';
import { spkiOf } from '@greenscreen/crypto/keys';
import { type RegistrationAuthority } from './registration-authority.js';

/**
 * The state that a client carries from the challenge to its answer: the request's id, encrypted to the registration authority and signed by
 * it, as the real service wraps its state (reference 03, 2.12).
 */
export const sealServerState = (id: string, { signing, encryption }: RegistrationAuthority): Buffer =>
  encodeSignedData({
    content: encodeEnvelopedData(Buffer.from(id, 'ascii'), encryption.certificate),
    certificates: [signing.certificate],
    signer: signing,
  });

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The request's id; undefined for a state that this authority did not make. */
export function openServerState(der: Buffer, { signing, encryption }: RegistrationAuthority): string | undefined {
  try {
    const signed = decodeSignedData(der);
    // By key: the certificate is another one after midnight.
    if (!verifySignedData(signed).spki.equals(spkiOf(signing.publicKey))) return undefined;
    const id = decryptEnvelopedData(signed.content, encryption.key).content.toString('ascii');
    return ID.test(id) ? id : undefined;
  } catch (error) {
    if (error instanceof CmsError) return undefined;
    throw error;
  }
}
