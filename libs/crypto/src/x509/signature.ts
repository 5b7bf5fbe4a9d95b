import { constants, type KeyObject, sign, verify } from 'node:crypto';
import { asInteger, asOid, asSequence, contextMember, type Der, type DerNode, nul, oid, seq } from '../der/index.js';

export const signatureOids = {
  rsaSha1: '1.2.840.113549.1.1.5',
  rsaSha256: '1.2.840.113549.1.1.11',
  rsaSha384: '1.2.840.113549.1.1.12',
  rsaSha512: '1.2.840.113549.1.1.13',
  rsaPss: '1.2.840.113549.1.1.10',
  /** OIW's number for RSA with SHA-1: what Windows signs MDM requests with when no policy tells it better (reference 04, 3.2). */
  rsaSha1Oiw: '1.3.14.3.2.29',
  ecdsaSha1: '1.2.840.10045.4.1',
  ecdsaSha256: '1.2.840.10045.4.3.2',
  ecdsaSha384: '1.2.840.10045.4.3.3',
  ecdsaSha512: '1.2.840.10045.4.3.4',
} as const;

export const digestOids = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const;

export type Hash = keyof typeof digestOids;

/** Name of a digest as node:crypto knows it; undefined for one that is not used here. */
export const hashOf = (digestOid: string): Hash | undefined =>
  (['sha256', 'sha1', 'sha384', 'sha512'] as const).find((hash) => digestOids[hash] === digestOid);

interface Scheme {
  readonly key: 'rsa' | 'ec';
  readonly hash: Hash;
}

const schemes: Readonly<Record<string, Scheme>> = {
  [signatureOids.rsaSha1]: { key: 'rsa', hash: 'sha1' },
  [signatureOids.rsaSha1Oiw]: { key: 'rsa', hash: 'sha1' },
  [signatureOids.rsaSha256]: { key: 'rsa', hash: 'sha256' },
  [signatureOids.rsaSha384]: { key: 'rsa', hash: 'sha384' },
  [signatureOids.rsaSha512]: { key: 'rsa', hash: 'sha512' },
  [signatureOids.ecdsaSha1]: { key: 'ec', hash: 'sha1' },
  [signatureOids.ecdsaSha256]: { key: 'ec', hash: 'sha256' },
  [signatureOids.ecdsaSha384]: { key: 'ec', hash: 'sha384' },
  [signatureOids.ecdsaSha512]: { key: 'ec', hash: 'sha512' },
};

/**
 * Whether a signature under an X.509 AlgorithmIdentifier holds. False for everything that cannot be checked: unknown algorithm, key of
 * another kind, unusable parameters.
 */
export function signatureHolds(algorithm: DerNode, data: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    const [id, parameters] = asSequence(algorithm);
    const name = asOid(id);
    if (name === signatureOids.rsaPss) return pssHolds(parameters, data, key, signature);
    const scheme = schemes[name];
    return scheme !== undefined && key.asymmetricKeyType === scheme.key && verify(scheme.hash, data, key, signature);
  } catch {
    return false;
  }
}

/** RSASSA-PSS-params (RFC 4055, 3.1): hash and salt length, SHA-1 and 20 unless given; the mask is made with the same hash. */
function pssHolds(parameters: DerNode | undefined, data: Buffer, key: KeyObject, signature: Buffer): boolean {
  const members = parameters ? asSequence(parameters) : [];
  const digest = contextMember(members, 0)?.children[0];
  const salt = contextMember(members, 2)?.children[0];
  const hash = digest ? hashOf(asOid(asSequence(digest)[0])) : 'sha1';
  if (hash === undefined || key.asymmetricKeyType !== 'rsa') return false;
  const saltLength = salt ? asInteger(salt) : 20;
  return saltLength >= 0 && verify(hash, data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature);
}

export interface SignatureAlgorithm {
  /** AlgorithmIdentifier, DER. */
  readonly identifier: Der;
  readonly hash: Hash;
}

const rsaIdentifiers: Readonly<Record<Hash, string>> = {
  sha1: signatureOids.rsaSha1,
  sha256: signatureOids.rsaSha256,
  sha384: signatureOids.rsaSha384,
  sha512: signatureOids.rsaSha512,
};
const ecIdentifiers: Readonly<Record<Hash, string>> = {
  sha1: signatureOids.ecdsaSha1,
  sha256: signatureOids.ecdsaSha256,
  sha384: signatureOids.ecdsaSha384,
  sha512: signatureOids.ecdsaSha512,
};

/** AlgorithmIdentifier and hash for a signing key; without a wish SHA-256, and SHA-384 for P-384. */
export function signatureAlgorithm(key: KeyObject, hash?: Hash): SignatureAlgorithm {
  if (key.asymmetricKeyType === 'rsa') {
    const chosen = hash ?? 'sha256';
    return { identifier: seq(oid(rsaIdentifiers[chosen]), nul()), hash: chosen };
  }
  const chosen = hash ?? (key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256');
  return { identifier: seq(oid(ecIdentifiers[chosen])), hash: chosen };
}

/** PKCS#1 v1.5 or ECDSA (DER), as the key is. */
export const signWith = ({ hash }: SignatureAlgorithm, data: Buffer, key: KeyObject): Buffer => sign(hash, data, key);
