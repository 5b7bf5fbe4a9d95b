/** TPM_ALG_ID (TPM 2.0 Structures, 6.3). */
export const tpmAlgorithms = {
  rsa: 0x0001,
  sha1: 0x0004,
  aes: 0x0006,
  keyedHash: 0x0008,
  sha256: 0x000b,
  sha384: 0x000c,
  sha512: 0x000d,
  null: 0x0010,
  rsassa: 0x0014,
  rsaes: 0x0015,
  rsapss: 0x0016,
  oaep: 0x0017,
  ecdsa: 0x0018,
  ecc: 0x0023,
  cfb: 0x0043,
} as const;

/** Hashes by their TPM_ALG_ID, as node:crypto names them. */
export const tpmHashes: Readonly<Record<number, 'sha1' | 'sha256' | 'sha384' | 'sha512'>> = {
  [tpmAlgorithms.sha1]: 'sha1',
  [tpmAlgorithms.sha256]: 'sha256',
  [tpmAlgorithms.sha384]: 'sha384',
  [tpmAlgorithms.sha512]: 'sha512',
};

/** TPM_ECC_CURVE (TPM 2.0 Structures, 6.4). */
export const tpmCurves: Readonly<Record<number, 'P-256' | 'P-384' | 'P-521'>> = { 3: 'P-256', 4: 'P-384', 5: 'P-521' };

/** TPMA_OBJECT bits (TPM 2.0 Structures, 8.3). */
export const objectAttributes = {
  fixedTpm: 1 << 1,
  stClear: 1 << 2,
  fixedParent: 1 << 4,
  sensitiveDataOrigin: 1 << 5,
  userWithAuth: 1 << 6,
  adminWithPolicy: 1 << 7,
  noDa: 1 << 10,
  restricted: 1 << 16,
  decrypt: 1 << 17,
  sign: 1 << 18,
} as const;

/** TPM_RH and fixed handles (TPM 2.0 Structures, 7.4; TCG provisioning guidance). */
export const tpmHandles = {
  owner: 0x40000001,
  null: 0x40000007,
  password: 0x40000009,
  endorsement: 0x4000000b,
  platform: 0x4000000c,
  rsaEk: 0x81010001,
  eccEk: 0x81010016,
  srk: 0x81000001,
} as const;

/** NV indices of EK certificates (reference 03, 1.1). */
export const ekCertificateIndices = { rsa2048: 0x01c00002, ecc: 0x01c0000a } as const;
/** First index of the chain that Intel keeps on die (reference 03, 1.1). */
export const EK_CHAIN_INDEX = 0x01c00100;
