import { type KeyObject } from 'node:crypto';

/** A key that lives in the TPM; only its public part is outside. */
export interface TpmKey {
  /** How the TPM knows it: a transient or persistent handle. */
  readonly handle: number;
  /** TPMT_PUBLIC, without the TPM2B size. */
  readonly publicArea: Buffer;
  readonly publicKey: KeyObject;
}

/** An attestation key, with what the TPM said when it made it. */
export interface TpmAik extends TpmKey {
  /** TPMS_CREATION_DATA, without the TPM2B size. */
  readonly creationData: Buffer;
}

/** TPM2_Certify over a key of this TPM (reference 03, 3.2). */
export interface Certification {
  /** TPMT_PUBLIC of the certified key. */
  readonly publicArea: Buffer;
  /** TPMS_ATTEST. */
  readonly attest: Buffer;
  /** TPMT_SIGNATURE by the AIK. */
  readonly signature: Buffer;
}

/** TPM2_MakeCredential's two outputs, each with its TPM2B size. */
export interface CredentialChallenge {
  /** TPM2B_ID_OBJECT. */
  readonly credentialBlob: Buffer;
  /** TPM2B_ENCRYPTED_SECRET. */
  readonly secret: Buffer;
}

/** The TPM of the simulated device: made of software, or a real TPM 2.0 spoken to by command bytes. Clearing it ends every key but the EK. */
export interface Tpm {
  /** The endorsement key, from the default template of its algorithm (TCG EK Credential Profile; reference 03, 3.1). */
  readonly endorsementKey: TpmKey;
  /** DER from NV (0x01C00002 for RSA, 0x01C0000A for ECC), with whatever padding stands there; undefined when NV has none. */
  readEkCertificate(): Promise<Buffer | undefined>;
  /** What a vendor does in its factory. */
  writeEkCertificate(der: Buffer): Promise<void>;
  /** Authorities that the vendor keeps on the die, DER after DER (Intel ODCA; reference 03, 1.6); empty when there are none. */
  readEkChain(): Promise<Buffer>;
  writeEkChain(certificates: Buffer): Promise<void>;
  /** Windows' AIK: a restricted RSA-2048 signing key (RSASSA, SHA-1), a primary of the owner hierarchy (reference 03, 2.8). */
  createAik(): Promise<TpmAik>;
  /** TPM2_CertifyCreation of the AIK by itself, right after it was made; once. */
  certifyCreation(aik: TpmAik): Promise<Pick<Certification, 'attest' | 'signature'>>;
  /** An RSA-2048 key for signing and decryption, bound to this TPM, as the platform crypto provider makes `dk` and the transport key. */
  createKey(): Promise<TpmKey>;
  /** RSASSA-PKCS1-v1_5 over a SHA-256 digest; the signature alone. Not for the AIK, which is restricted. */
  sign(key: TpmKey, sha256: Buffer): Promise<Buffer>;
  /** RSAES-OAEP with SHA-1 and an empty label. */
  decryptOaep(key: TpmKey, ciphertext: Buffer): Promise<Buffer>;
  /** TPM2_ActivateCredential. Throws TpmError when the credential is for another TPM or another key. */
  activateCredential(aik: TpmKey, challenge: CredentialChallenge): Promise<Buffer>;
  /** TPM2_Certify: the AIK speaks for `key`. */
  certify(key: TpmKey, aik: TpmKey, qualifyingData: Buffer): Promise<Certification>;
  /**
   * The private half of a key of {@link createKey}, where the TPM is made of software: Node signs TLS handshakes itself and asks no TPM. A real
   * TPM has none to give, and its device presents no certificate.
   */
  tlsKey?(key: TpmKey): KeyObject;
  /** TPM2_ReadPublic of a key that was made before, by its handle. Throws TpmError when there is none. */
  readKey(handle: number): Promise<TpmKey>;
  /** Removes a key for good. */
  evict(key: TpmKey): Promise<void>;
  /** Closes the connection; a software TPM has none. */
  close(): Promise<void>;
}

/** A TPM command failed, with its TPM_RC. */
export class TpmError extends Error {
  constructor(
    readonly code: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TpmError';
  }
}
