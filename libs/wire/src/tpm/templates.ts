import { objectAttributes as bit, tpmAlgorithms as alg } from './constants.js';
import { type EccPublicArea, type RsaPublicArea } from './public-area.codec.js';

/** PolicySecret(TPM_RH_ENDORSEMENT) (reference 03, 1.2). */
const EK_POLICY = Buffer.from('837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa', 'hex');
/** PolicyOR of the platform crypto provider's six branches (reference 03, 2.8). */
const PCP_POLICY = Buffer.from('9dffcbf36c383ae699fb9868dc6dcb89d7153884be2803922c124158bfad22ae', 'hex');
const AES_128_CFB = { algorithm: alg.aes, keyBits: 128, mode: alg.cfb } as const;
const BOUND = bit.fixedTpm | bit.fixedParent | bit.sensitiveDataOrigin;
const storage = BOUND | bit.restricted | bit.decrypt;

const rsa = { type: 'rsa', nameAlg: alg.sha256, keyBits: 2048, exponent: 0 } as const;

/** Default RSA-2048 EK (TCG EK Credential Profile, template L-1; reference 03, 1.2). */
export const rsaEkTemplate: RsaPublicArea = {
  ...rsa,
  attributes: storage | bit.adminWithPolicy,
  authPolicy: EK_POLICY,
  symmetric: AES_128_CFB,
  modulus: Buffer.alloc(256),
};

/** Default P-256 EK (template L-2). */
export const eccEkTemplate: EccPublicArea = {
  type: 'ecc',
  nameAlg: alg.sha256,
  attributes: storage | bit.adminWithPolicy,
  authPolicy: EK_POLICY,
  symmetric: AES_128_CFB,
  curve: 'P-256',
  x: Buffer.alloc(32),
  y: Buffer.alloc(32),
};

/** Storage root key (TCG provisioning guidance, H-1 without unique). */
export const srkTemplate: RsaPublicArea = {
  ...rsa,
  attributes: storage | bit.userWithAuth | bit.noDa,
  authPolicy: Buffer.alloc(0),
  symmetric: AES_128_CFB,
  modulus: Buffer.alloc(256),
};

/** Windows' AIK, a primary of the owner hierarchy; `id` are the 20 bytes that make it its own (reference 03, 2.8). */
export const windowsAikTemplate = (id: Buffer): RsaPublicArea => ({
  ...rsa,
  attributes: BOUND | bit.userWithAuth | bit.noDa | bit.restricted | bit.sign,
  authPolicy: PCP_POLICY,
  scheme: { algorithm: alg.rsassa, hash: alg.sha1 },
  modulus: Buffer.concat([Buffer.from([id.length, 0]), id]),
});

/** A key of the platform crypto provider for signing and decryption: schemes are chosen with each use. */
export const platformKeyTemplate: RsaPublicArea = {
  ...rsa,
  attributes: BOUND | bit.userWithAuth | bit.noDa | bit.sign | bit.decrypt,
  authPolicy: Buffer.alloc(0),
  modulus: Buffer.alloc(0),
};
