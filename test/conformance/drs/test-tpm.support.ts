import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { type DsregTpm } from '@greenscreen/device/join';
import { type TpmKey } from '@greenscreen/device/tpm';
import { constants, privateDecrypt } from 'node:crypto';
import { digestSigner } from '../sts/support.js';
import { certify, publicAreaOf } from '../sts/userless.support.js';

/** A TPM of which only the keys matter: creation, signatures, statements, eviction. */
export class TestTpm implements DsregTpm {
  private readonly pairs = new Map<number, KeyPair>();
  private next = 0x80000000;

  /** Handles of the keys that exist. */
  get handles(): number[] {
    return [...this.pairs.keys()];
  }

  async createKey(): Promise<TpmKey> {
    return this.load(await generateKeyPair('rsa2048'));
  }

  /** Takes a key pair in that the test has made. */
  load(pair: KeyPair): TpmKey {
    const handle = this.next;
    this.next += 1;
    this.pairs.set(handle, pair);
    return { handle, publicKey: pair.publicKey, publicArea: publicAreaOf(pair) };
  }

  sign(key: TpmKey, sha256: Buffer): Promise<Buffer> {
    return digestSigner(this.pairOf(key).privateKey)(sha256);
  }

  async decryptOaep(key: TpmKey, ciphertext: Buffer): Promise<Buffer> {
    return privateDecrypt({ key: this.pairOf(key).privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, ciphertext);
  }

  async certify(key: TpmKey, aik: TpmKey, qualifyingData: Buffer) {
    return certify(this.pairOf(key), this.pairOf(aik), qualifyingData);
  }

  tlsKey(key: TpmKey): KeyPair['privateKey'] {
    return this.pairOf(key).privateKey;
  }

  async evict({ handle }: TpmKey): Promise<void> {
    if (!this.pairs.delete(handle)) throw new Error(`There is no key ${handle}`);
  }

  private pairOf({ handle }: TpmKey): KeyPair {
    const pair = this.pairs.get(handle);
    if (!pair) throw new Error(`There is no key ${handle}`);
    return pair;
  }
}
