import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { readTpm2b, tpm2b, TpmFormatError, TpmReader } from '@greenscreen/wire/tpm';
import { type EcCurve, ecPoint, ecPublicKey, generateKeyPair } from '../keys/index.js';
import { CredentialError } from './error.js';
import { kdfA, kdfE } from './kdf.js';

/** TPM2_MakeCredential's two outputs, each with its TPM2B size. */
export interface Credential {
  /** TPM2B_ID_OBJECT. */
  readonly credentialBlob: Buffer;
  /** TPM2B_ENCRYPTED_SECRET. */
  readonly secret: Buffer;
}

/** EKs of the default templates: nameAlg SHA-256, AES-128-CFB inside (reference 03, 1.2 and 3). */
const HASH = 'sha256';
const HASH_BITS = 256;
const CIPHER = 'aes-128-cfb';
const CIPHER_BITS = 128;
const NO_IV = Buffer.alloc(16);
const NOTHING = Buffer.alloc(0);
const LABEL = 'IDENTITY';
const OAEP = {
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: HASH,
  oaepLabel: Buffer.from(`${LABEL}\0`, 'ascii'),
};
/** The whole secret fits one digest (TPM 2.0 Commands, 12.6). */
const SECRET_LIMIT = 32;

/**
 * TPM2_MakeCredential in software: only the TPM that holds this EK *and* an object of this Name can read the secret (reference 03, section 3).
 * EKs are RSA or P-256; the secret has at most 32 bytes. `seed` is random unless a vector gives it; it is not used for ECC.
 */
export async function makeCredential(ek: KeyObject, name: Buffer, secret: Buffer, seed: Buffer = randomBytes(32)): Promise<Credential> {
  if (secret.length > SECRET_LIMIT) throw new CredentialError('format', `A credential holds at most ${SECRET_LIMIT} bytes`);
  const shared = ek.asymmetricKeyType === 'ec' ? await shareByEcdh(ek) : { seed, encrypted: publicEncrypt({ key: ek, ...OAEP }, seed) };
  const cipher = createCipheriv(CIPHER, kdfA(HASH, shared.seed, 'STORAGE', name, NOTHING, CIPHER_BITS), NO_IV);
  const encIdentity = Buffer.concat([cipher.update(tpm2b(secret)), cipher.final()]);
  const integrity = integrityOf(shared.seed, encIdentity, name);
  return { credentialBlob: tpm2b(tpm2b(integrity), encIdentity), secret: tpm2b(shared.encrypted) };
}

/** TPM2_ActivateCredential in software, with the EK's private half. Throws {@link CredentialError}. */
export function activateCredential(ek: KeyObject, name: Buffer, { credentialBlob, secret }: Credential): Buffer {
  const { integrity, encIdentity, encrypted } = partsOf(credentialBlob, secret);
  const seed = ek.asymmetricKeyType === 'ec' ? seedByEcdh(ek, encrypted) : seedByOaep(ek, encrypted);
  const expected = integrityOf(seed, encIdentity, name);
  if (expected.length !== integrity.length || !timingSafeEqual(expected, integrity))
    throw new CredentialError('integrity', 'The credential is damaged, or for another object');
  const decipher = createDecipheriv(CIPHER, kdfA(HASH, seed, 'STORAGE', name, NOTHING, CIPHER_BITS), NO_IV);
  return guarded(() => readTpm2b(Buffer.concat([decipher.update(encIdentity), decipher.final()])));
}

/** `outerHMAC` of TPMS_ID_OBJECT. */
const integrityOf = (seed: Buffer, encIdentity: Buffer, name: Buffer): Buffer =>
  createHmac(HASH, kdfA(HASH, seed, 'INTEGRITY', NOTHING, NOTHING, HASH_BITS))
    .update(encIdentity)
    .update(name)
    .digest();

function partsOf(credentialBlob: Buffer, secret: Buffer): { integrity: Buffer; encIdentity: Buffer; encrypted: Buffer } {
  return guarded(() => {
    const idObject = readTpm2b(credentialBlob);
    const reader = new TpmReader(idObject);
    const integrity = reader.sized();
    return { integrity, encIdentity: reader.take(idObject.length - reader.position), encrypted: readTpm2b(secret) };
  });
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TpmFormatError) throw new CredentialError('format', error.message, { cause: error });
    throw error;
  }
}

/** A TPM takes seeds of up to a digest (reference 03, 3 [verified]). */
function seedByOaep(ek: KeyObject, encrypted: Buffer): Buffer {
  const seed = oaepDecrypt(ek, encrypted);
  if (seed.length > HASH_BITS / 8) throw new CredentialError('seed', 'The seed is longer than a digest');
  return seed;
}

function oaepDecrypt(ek: KeyObject, encrypted: Buffer): Buffer {
  try {
    return privateDecrypt({ key: ek, ...OAEP }, encrypted);
  } catch (error) {
    throw new CredentialError('secret', 'The credential is for another endorsement key', { cause: error });
  }
}

/** One-pass ECDH: an ephemeral key for each credential (TPM 2.0 Architecture, C.6.4). */
async function shareByEcdh(ek: KeyObject): Promise<{ seed: Buffer; encrypted: Buffer }> {
  const { curve, x } = ecPoint(ek);
  if (curve !== 'P-256') throw new CredentialError('secret', `No default template has an endorsement key on ${curve}`);
  const ephemeral = await generateKeyPair('ec-p256');
  const point = ecPoint(ephemeral.publicKey);
  const z = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: ek });
  return { seed: kdfE(HASH, z, LABEL, point.x, x, HASH_BITS), encrypted: Buffer.concat([tpm2b(point.x), tpm2b(point.y)]) };
}

function seedByEcdh(ek: KeyObject, encrypted: Buffer): Buffer {
  const own = ecPoint(createPublicKey(ek));
  const { x, y } = guarded(() => {
    const reader = new TpmReader(encrypted);
    const point = { x: reader.sized(), y: reader.sized() };
    reader.end();
    return point;
  });
  try {
    const z = diffieHellman({ privateKey: ek, publicKey: ecPublicKey(own.curve, padded(x, own.curve), padded(y, own.curve)) });
    return kdfE(HASH, z, LABEL, padded(x, own.curve), own.x, HASH_BITS);
  } catch (error) {
    throw new CredentialError('secret', 'The credential is for another endorsement key', { cause: error });
  }
}

const fieldBytes: Readonly<Record<EcCurve, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 };
const padded = (coordinate: Buffer, curve: EcCurve): Buffer =>
  Buffer.concat([Buffer.alloc(Math.max(0, fieldBytes[curve] - coordinate.length)), coordinate]);
