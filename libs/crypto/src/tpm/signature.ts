import { constants, type KeyObject, verify } from 'node:crypto';
import { decodeTpmSignature } from '@greenscreen/wire/tpm';

/** Bytes of each half of an ECDSA signature, by curve. */
const fieldBytes: Readonly<Record<string, number>> = { prime256v1: 32, secp384r1: 48, secp521r1: 66 };

/** Whether a TPMT_SIGNATURE is this key's over the bytes. Throws TpmFormatError when it is none. */
export function verifyTpmSignature(bytes: Buffer, signed: Buffer, key: KeyObject): boolean {
  const { scheme, hash, signature } = decodeTpmSignature(bytes);
  if ((scheme === 'ecdsa') !== (key.asymmetricKeyType === 'ec')) return false;
  if (scheme === 'ecdsa') return verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, toFieldSize(signature, key));
  const padding = scheme === 'rsassa' ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_PSS_PADDING;
  return verify(hash, signed, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_AUTO }, signature);
}

/** A TPM leaves out leading zeros; IEEE P1363 wants both numbers as long as the field. */
function toFieldSize(signature: Buffer, key: KeyObject): Buffer {
  const size = fieldBytes[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? 0;
  const half = signature.length / 2;
  return Buffer.concat(
    [signature.subarray(0, half), signature.subarray(half)].map((part) =>
      Buffer.concat([Buffer.alloc(Math.max(0, size - part.length)), part.subarray(Math.max(0, part.length - size))]),
    ),
  );
}
