import { ecPoint, generateKeyPair, type KeyPair, rsaNumbers } from '@greenscreen/crypto/keys';
import { objectName, qualifiedName } from '@greenscreen/crypto/tpm';
import { type KeyAttestationStatement } from '@greenscreen/wire/scep';
import {
  encodeAttest,
  encodeCreationData,
  encodePublicArea,
  encodeTpmSignature,
  type PublicArea,
  tpmAlgorithms as alg,
  tpmHandles,
  tpmU32,
  windowsAikTemplate,
} from '@greenscreen/wire/tpm';
import { constants, createHash, randomBytes, sign } from 'node:crypto';

/** An AIK outside of any TPM: what it says about itself can be anything. */
export interface SoftAik {
  readonly keys: KeyPair;
  readonly area: PublicArea;
  /** TPMT_SIGNATURE. */
  sign(bytes: Buffer): Buffer;
}

export type SoftAikKind = 'rsa2048' | 'rsapss' | 'ec-p256' | 'sha1';

export async function softAik(kind: SoftAikKind): Promise<SoftAik> {
  const keys = await generateKeyPair(kind === 'ec-p256' ? 'ec-p256' : 'rsa2048');
  const template = windowsAikTemplate(randomBytes(20));
  const { nameAlg, attributes, authPolicy } = template;
  const hash = kind === 'sha1' ? alg.sha1 : alg.sha256;
  if (kind === 'ec-p256') {
    const { x, y } = ecPoint(keys.publicKey);
    const scheme = { algorithm: alg.ecdsa, hash };
    const ecdsa = (bytes: Buffer): Buffer => sign('sha256', bytes, { key: keys.privateKey, dsaEncoding: 'ieee-p1363' });
    return {
      keys,
      area: { type: 'ecc', nameAlg, attributes, authPolicy, curve: 'P-256', x, y, scheme },
      sign: (bytes) => encodeTpmSignature({ scheme: 'ecdsa', hash: 'sha256', signature: ecdsa(bytes) }),
    };
  }
  const scheme = kind === 'rsapss' ? 'rsapss' : 'rsassa';
  const name = kind === 'sha1' ? 'sha1' : 'sha256';
  const padding = kind === 'rsapss' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  return {
    keys,
    area: { ...template, modulus: rsaNumbers(keys.publicKey).modulus, scheme: { algorithm: alg[scheme], hash } },
    sign: (bytes) =>
      encodeTpmSignature({ scheme, hash: name, signature: sign(name, bytes, { key: keys.privateKey, padding, saltLength: 32 }) }),
  };
}

/** What TPM2_CertifyCreation would say of it. */
export function attestSoftAik(aik: SoftAik, change: (area: PublicArea) => PublicArea = (area) => area): KeyAttestationStatement {
  const publicArea = encodePublicArea(change(aik.area));
  const hierarchy = tpmU32(tpmHandles.owner);
  const creationData = encodeCreationData({
    pcrSelection: [],
    pcrDigest: createHash('sha256').digest(),
    locality: 1,
    parentNameAlg: alg.null,
    parentName: hierarchy,
    parentQualifiedName: hierarchy,
    outsideInfo: Buffer.alloc(0),
  });
  const name = objectName(publicArea);
  const attest = encodeAttest({
    type: 'creation',
    qualifiedSigner: qualifiedName(tpmHandles.owner, name),
    extraData: Buffer.alloc(0),
    clock: 1n,
    resetCount: 1,
    restartCount: 1,
    safe: true,
    firmwareVersion: 1n,
    objectName: name,
    creationHash: createHash('sha256').update(creationData).digest(),
  });
  return { publicArea, creationData, attest, signature: aik.sign(attest) };
}
