import { constants, createHash, type KeyObject, privateDecrypt, privateEncrypt, randomBytes, sign } from 'node:crypto';
import { type KeyPool, rsaNumbers, ecPoint } from '@greenscreen/crypto/keys';
import { activateCredential, CredentialError, objectName, qualifiedName } from '@greenscreen/crypto/tpm';
import {
  type AttestClock,
  eccEkTemplate,
  encodeAttest,
  encodeCreationData,
  encodePublicArea,
  encodeTpmSignature,
  platformKeyTemplate,
  type PublicArea,
  rsaEkTemplate,
  srkTemplate,
  tpmAlgorithms,
  tpmHandles,
  tpmHashes,
  windowsAikTemplate,
} from '@greenscreen/wire/tpm';
import { type Certification, type CredentialChallenge, type Tpm, type TpmAik, TpmError, type TpmKey } from './tpm.js';

export interface SoftwareTpmOptions {
  readonly ek: 'rsa2048' | 'ecc';
  /** Where keys come from: making one takes up to 150 ms. */
  readonly keys: KeyPool;
}

/** A TPM made of software: the same structures as a real one's, keys in memory. */
export async function createSoftwareTpm({ ek, keys }: SoftwareTpmOptions): Promise<Tpm> {
  const pair = await keys.take(ek === 'ecc' ? 'ec-p256' : 'rsa2048');
  const tpm = new SoftwareTpm(keys);
  return tpm.withEndorsementKey(pair.publicKey, pair.privateKey);
}

/** Return codes that the real commands give here (TPM 2.0 Structures, 6.6.3; reference 03, 3). */
const TPM_RC_HANDLE = 0x18b;
const TPM_RC_INTEGRITY = 0x1df;
const TPM_RC_TICKET = 0x2a0;

interface Held {
  readonly key: TpmKey;
  readonly privateKey: KeyObject;
  /** Hash of the key's own scheme; undefined where each use chooses one. */
  readonly hash?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly qualifiedName: Buffer;
}

const FIRST_HANDLE = 0x81010100;

class SoftwareTpm implements Tpm {
  private readonly held = new Map<number, Held>();
  private readonly startedAt = Date.now();
  /** The storage root key is never seen outside; only its Name counts, in the qualified Names of its children. */
  private readonly storageRoot = qualifiedName(
    tpmHandles.owner,
    objectName(encodePublicArea({ ...srkTemplate, modulus: randomBytes(256) })),
  );
  /** What a TPM shows of its counters and firmware outside the endorsement hierarchy: obfuscated, constant per key hierarchy. */
  private readonly obfuscation = { resetCount: randomBytes(4).readUInt32BE(), firmwareVersion: randomBytes(8).readBigUInt64BE() };
  private readonly uncertified = new Set<number>();
  private nextHandle = FIRST_HANDLE;
  private ekCertificate: Buffer | undefined;
  private ek: Held | undefined;

  constructor(private readonly keys: KeyPool) {}

  withEndorsementKey(publicKey: KeyObject, privateKey: KeyObject): this {
    const ecc = publicKey.asymmetricKeyType === 'ec';
    const template = ecc ? eccEkTemplate : rsaEkTemplate;
    const publicArea = encodePublicArea(filled(template, publicKey));
    const key = { handle: ecc ? tpmHandles.eccEk : tpmHandles.rsaEk, publicArea, publicKey };
    this.ek = { key, privateKey, qualifiedName: qualifiedName(tpmHandles.endorsement, objectName(publicArea)) };
    return this;
  }

  get endorsementKey(): TpmKey {
    return this.endorsement().key;
  }

  async readEkCertificate(): Promise<Buffer | undefined> {
    return this.ekCertificate;
  }

  async writeEkCertificate(der: Buffer): Promise<void> {
    this.ekCertificate = Buffer.from(der);
  }

  async createAik(): Promise<TpmAik> {
    const { publicKey, privateKey } = await this.keys.take('rsa2048');
    const template = windowsAikTemplate(randomBytes(20));
    const publicArea = encodePublicArea(filled(template, publicKey));
    const hierarchy = Buffer.alloc(4);
    hierarchy.writeUInt32BE(tpmHandles.owner);
    const creationData = encodeCreationData({
      pcrSelection: [],
      pcrDigest: createHash('sha256').digest(),
      locality: 1,
      parentNameAlg: tpmAlgorithms.null,
      parentName: hierarchy,
      parentQualifiedName: hierarchy,
      outsideInfo: Buffer.alloc(0),
    });
    const key: TpmAik = { handle: this.nextHandle++, publicArea, publicKey, creationData };
    const hash = tpmHashes[template.scheme?.hash ?? tpmAlgorithms.sha256];
    this.held.set(key.handle, {
      key,
      privateKey,
      qualifiedName: qualifiedName(tpmHandles.owner, objectName(publicArea)),
      ...(hash ? { hash } : {}),
    });
    this.uncertified.add(key.handle);
    return key;
  }

  async certifyCreation(aik: TpmAik): Promise<Pick<Certification, 'attest' | 'signature'>> {
    if (!this.uncertified.delete(aik.handle)) throw new TpmError(TPM_RC_TICKET, 'There is no creation ticket for the key any more');
    const held = this.find(aik);
    const attest = encodeAttest({
      type: 'creation',
      ...this.clock(),
      qualifiedSigner: held.qualifiedName,
      extraData: Buffer.alloc(0),
      objectName: objectName(aik.publicArea),
      creationHash: createHash('sha256').update(aik.creationData).digest(),
    });
    return { attest, signature: signStatement(held, attest) };
  }

  async createKey(): Promise<TpmKey> {
    const { publicKey, privateKey } = await this.keys.take('rsa2048');
    const publicArea = encodePublicArea(filled(platformKeyTemplate, publicKey));
    const key = { handle: this.nextHandle++, publicArea, publicKey };
    this.held.set(key.handle, { key, privateKey, qualifiedName: qualifiedName(this.storageRoot, objectName(publicArea)) });
    return key;
  }

  async sign(key: TpmKey, sha256: Buffer): Promise<Buffer> {
    return signDigest(this.find(key).privateKey, sha256);
  }

  async decryptOaep(key: TpmKey, ciphertext: Buffer): Promise<Buffer> {
    const { privateKey } = this.find(key);
    try {
      return privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, ciphertext);
    } catch (error) {
      throw new TpmError(0x1c4, 'The ciphertext is not for this key', { cause: error });
    }
  }

  async activateCredential(aik: TpmKey, challenge: CredentialChallenge): Promise<Buffer> {
    try {
      return activateCredential(this.endorsement().privateKey, objectName(this.find(aik).key.publicArea), challenge);
    } catch (error) {
      if (error instanceof CredentialError) throw new TpmError(TPM_RC_INTEGRITY, error.message, { cause: error });
      throw error;
    }
  }

  async certify(key: TpmKey, aik: TpmKey, qualifyingData: Buffer): Promise<Certification> {
    const certified = this.find(key);
    const signer = this.find(aik);
    const attest = encodeAttest({
      type: 'certify',
      ...this.clock(),
      qualifiedSigner: signer.qualifiedName,
      extraData: qualifyingData,
      name: objectName(key.publicArea),
      qualifiedName: certified.qualifiedName,
    });
    return { publicArea: key.publicArea, attest, signature: signStatement(signer, attest) };
  }

  tlsKey(key: TpmKey): KeyObject {
    return this.find(key).privateKey;
  }

  async readKey(handle: number): Promise<TpmKey> {
    return this.find({ handle }).key;
  }

  async evict(key: TpmKey): Promise<void> {
    this.held.delete(key.handle);
  }

  async close(): Promise<void> {
    this.held.clear();
  }

  private clock(): AttestClock {
    return { clock: BigInt(Date.now() - this.startedAt), restartCount: 0, safe: true, ...this.obfuscation };
  }

  private endorsement(): Held {
    if (!this.ek) throw new Error('The TPM has no endorsement key');
    return this.ek;
  }

  private find({ handle }: Pick<TpmKey, 'handle'>): Held {
    const held = this.held.get(handle);
    if (!held) throw new TpmError(TPM_RC_HANDLE, `The TPM has no key 0x${handle.toString(16)}`);
    return held;
  }
}

function filled(template: PublicArea, key: KeyObject): PublicArea {
  if (template.type === 'rsa') return { ...template, modulus: rsaNumbers(key).modulus };
  const { x, y } = ecPoint(key);
  return { ...template, x, y };
}

function signStatement({ privateKey, hash = 'sha256' }: Held, attest: Buffer): Buffer {
  return encodeTpmSignature({ scheme: 'rsassa', hash, signature: sign(hash, attest, privateKey) });
}

/** DigestInfo of a SHA-256 digest, up to the digest (RFC 8017, 9.2). */
const SHA256_PREFIX = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** RSASSA-PKCS1-v1_5 over a digest that is there already: what TPM2_Sign does. */
const signDigest = (key: KeyObject, sha256: Buffer): Buffer =>
  privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([SHA256_PREFIX, sha256]));
