import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import { type KeyPair, type KeyPool } from '@greenscreen/crypto/keys';
import { activateCredential, CredentialError, type CredentialProblem, objectName, qualifiedName } from '@greenscreen/crypto/tpm';
import {
  type AttestClock,
  eccEkTemplate,
  encodeAttest,
  encodeCreationData,
  encodePublicArea,
  platformKeyTemplate,
  type PublicArea,
  rsaEkTemplate,
  srkTemplate,
  tpmAlgorithms,
  tpmHandles,
  tpmU32,
  windowsAikTemplate,
} from '@greenscreen/wire/tpm';
import { decryptWith, publicAreaOf, returnCodes, schemeHash, signDigest, signStatement, type SoftwareObject } from './software-objects.js';
import { type Certification, type CredentialChallenge, type Tpm, type TpmAik, TpmError, type TpmKey } from './tpm.js';

export interface SoftwareTpmOptions {
  readonly ek: 'rsa2048' | 'ecc';
  /** Where keys come from: making one takes up to 150 ms. */
  readonly keys: KeyPool;
}

/** A TPM made of software: the same structures and return codes as a real one's, keys in memory. */
export async function createSoftwareTpm({ ek, keys }: SoftwareTpmOptions): Promise<Tpm> {
  return new SoftwareTpm(keys, await keys.take(ek === 'ecc' ? 'ec-p256' : 'rsa2048'));
}

const FIRST_HANDLE = 0x81010200;
/** TPM2B_DATA holds a hash with its algorithm. */
const MOST_QUALIFYING_DATA = 66;

class SoftwareTpm implements Tpm {
  private readonly objects = new Map<number, SoftwareObject>();
  private readonly startedAt = Date.now();
  /** The storage root key is never seen outside; only its Name counts, in the qualified Names of its children. */
  private readonly storageRoot = qualifiedName(
    tpmHandles.owner,
    objectName(encodePublicArea({ ...srkTemplate, modulus: randomBytes(256) })),
  );
  /** What a TPM shows of its counters and firmware outside the endorsement hierarchy: obfuscated. */
  private readonly obfuscation = {
    resetCount: randomBytes(4).readUInt32BE(),
    restartCount: randomBytes(4).readUInt32BE(),
    firmwareVersion: randomBytes(8).readBigUInt64BE(),
  };
  private readonly uncertified = new Set<number>();
  private readonly ek: SoftwareObject;
  private nextHandle = FIRST_HANDLE;
  private ekCertificate: Buffer | undefined;
  private ekChain = Buffer.alloc(0);

  constructor(
    private readonly keys: KeyPool,
    ek: KeyPair,
  ) {
    const ecc = ek.publicKey.asymmetricKeyType === 'ec';
    const handle = ecc ? tpmHandles.eccEk : tpmHandles.rsaEk;
    this.ek = this.hold(handle, ecc ? eccEkTemplate : rsaEkTemplate, ek, tpmHandles.endorsement);
  }

  get endorsementKey(): TpmKey {
    return this.ek.key;
  }

  async readEkCertificate(): Promise<Buffer | undefined> {
    return this.ekCertificate;
  }

  async writeEkCertificate(der: Buffer): Promise<void> {
    this.ekCertificate = Buffer.from(der);
  }

  async readEkChain(): Promise<Buffer> {
    return this.ekChain;
  }

  async writeEkChain(certificates: Buffer): Promise<void> {
    this.ekChain = Buffer.from(certificates);
  }

  async createAik(): Promise<TpmAik> {
    const pair = await this.keys.take('rsa2048');
    const { key } = this.hold(this.nextHandle++, windowsAikTemplate(randomBytes(20)), pair, tpmHandles.owner);
    this.uncertified.add(key.handle);
    return { ...key, creationData: creationDataOfPrimary(tpmHandles.owner) };
  }

  async certifyCreation(aik: TpmAik): Promise<Pick<Certification, 'attest' | 'signature'>> {
    const signer = this.find(aik);
    if (!this.uncertified.delete(aik.handle)) throw new TpmError(returnCodes.ticket, 'There is no creation ticket for the key any more');
    const attest = encodeAttest({
      type: 'creation',
      ...this.clock(),
      qualifiedSigner: signer.qualifiedName,
      extraData: Buffer.alloc(0),
      objectName: objectName(aik.publicArea),
      creationHash: createHash('sha256').update(aik.creationData).digest(),
    });
    return { attest, signature: signStatement(signer, attest) };
  }

  async createKey(): Promise<TpmKey> {
    const pair = await this.keys.take('rsa2048');
    return this.hold(this.nextHandle++, platformKeyTemplate, pair, this.storageRoot).key;
  }

  async sign(key: TpmKey, sha256: Buffer): Promise<Buffer> {
    return signDigest(this.find(key), sha256);
  }

  async decryptOaep(key: TpmKey, ciphertext: Buffer): Promise<Buffer> {
    return decryptWith(this.find(key), ciphertext);
  }

  async activateCredential(aik: TpmKey, challenge: CredentialChallenge): Promise<Buffer> {
    const { key } = this.find(aik);
    try {
      return activateCredential(this.ek.privateKey, objectName(key.publicArea), challenge);
    } catch (error) {
      if (error instanceof CredentialError) throw new TpmError(codeOf(error.problem, this.ek), error.message, { cause: error });
      throw error;
    }
  }

  async certify(key: TpmKey, aik: TpmKey, qualifyingData: Buffer): Promise<Certification> {
    const certified = this.find(key);
    const signer = this.find(aik, returnCodes.noSecondObject);
    if (qualifyingData.length > MOST_QUALIFYING_DATA) throw new TpmError(returnCodes.firstSize, 'Too much qualifying data');
    if (certified === this.ek) throw new TpmError(returnCodes.authUnavailable, 'The endorsement key has a policy instead of a password');
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

  async readKey(handle: number): Promise<TpmKey> {
    return this.find({ handle }).key;
  }

  tlsKey(key: TpmKey): KeyObject {
    return this.find(key).privateKey;
  }

  async evict({ handle }: TpmKey): Promise<void> {
    if (handle !== this.ek.key.handle) this.objects.delete(handle);
  }

  async close(): Promise<void> {
    this.objects.clear();
  }

  private hold(handle: number, template: PublicArea, { publicKey, privateKey }: KeyPair, parent: Buffer | number): SoftwareObject {
    const publicArea = publicAreaOf(template, publicKey);
    const object = {
      key: { handle, publicArea, publicKey },
      privateKey,
      hash: schemeHash(template),
      qualifiedName: qualifiedName(parent, objectName(publicArea)),
    };
    this.objects.set(handle, object);
    return object;
  }

  private clock(): AttestClock {
    return { clock: BigInt(Date.now() - this.startedAt), safe: true, ...this.obfuscation };
  }

  private find({ handle }: Pick<TpmKey, 'handle'>, code: number = returnCodes.noFirstObject): SoftwareObject {
    const found = this.objects.get(handle);
    if (!found) throw new TpmError(code, `The TPM has no key 0x${handle.toString(16)}`);
    return found;
  }
}

/** TPMS_CREATION_DATA of a primary: its parent is the hierarchy, which has no Name but its handle. */
function creationDataOfPrimary(hierarchy: number): Buffer {
  const parent = tpmU32(hierarchy);
  return encodeCreationData({
    pcrSelection: [],
    pcrDigest: createHash('sha256').digest(),
    locality: 1,
    parentNameAlg: tpmAlgorithms.null,
    parentName: parent,
    parentQualifiedName: parent,
    outsideInfo: Buffer.alloc(0),
  });
}

function codeOf(problem: CredentialProblem, { key }: SoftwareObject): number {
  switch (problem) {
    case 'integrity':
      return returnCodes.integrity;
    case 'seed':
      return returnCodes.seedValue;
    case 'secret':
      return key.publicKey.asymmetricKeyType === 'ec' ? returnCodes.point : returnCodes.failure;
    case 'format':
      return returnCodes.secondSize;
  }
}
