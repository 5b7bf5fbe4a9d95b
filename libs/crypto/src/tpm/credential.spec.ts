import { describe, expect, it } from '@jest/globals';
import { constants, createHash, createHmac, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { tpm2b, tpmU32 } from '@greenscreen/wire/tpm';
import fc from 'fast-check';
import { activateCredential, CredentialError, kdfA, makeCredential, objectName } from './index.js';

// The vector of reference 03, section 3.
const modulus = Buffer.from(Array.from({ length: 256 }, (_, index) => (index === 0 ? 0xc0 : index)));
const area = Buffer.concat([Buffer.from('0001000b00050072000000100014000b0800000000000100', 'hex'), modulus]);
const name = Buffer.from('000b718e8c0799c7cc9d7dfb07721df244ae307e8870ab64b264ca2888a4b2a8493f', 'hex');
const seed = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const secret = Buffer.from(Array.from({ length: 32 }, (_, index) => 0xa0 + index));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ecc = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('MakeCredential', () => {
  it('03-35 has every byte of the vector', async () => {
    expect(objectName(area)).toEqual(name);
    expect(kdfA('sha256', seed, 'STORAGE', name, Buffer.alloc(0), 128).toString('hex')).toBe('d1ad0374c3ab027a1fb7ac25b675c2f5');
    const hmacKey = kdfA('sha256', seed, 'INTEGRITY', Buffer.alloc(0), Buffer.alloc(0), 256);
    expect(hmacKey.toString('hex')).toBe('bacf689f634ece301e1f1b15b072d9c87db6a69585db42b1a0cb8f73ebe2692e');
    const { credentialBlob, secret: encrypted } = await makeCredential(rsa.publicKey, name, secret, seed);
    const encId = 'eacf8d0ccbba8b265b483ef3a2978b458808cae4e102caf51fb9ffdd977065dee216';
    const mac = '9c1109857ae4ecf4c355d01641a3cd21c51bd85858d88f366ec8176c7ca7369c';
    expect(credentialBlob.toString('hex')).toBe(`00440020${mac}${encId}`);
    expect(encrypted.length).toBe(258);
    expect(createHmac('sha256', hmacKey).update(Buffer.from(encId, 'hex')).update(name).digest('hex')).toBe(mac);
    expect(createHash('sha256').update('IDENTITY\0').digest('hex')).toBe(
      'd3120540c033c72e8725f574f7607cb749f13f8c97cbcb469e3cdf07a0808899',
    );
  });

  it('03-35 hides the seed in the encoded message of the vector, which a TPM opens', async () => {
    const encoded = oaepEncode(seed, Buffer.alloc(32, 0xee));
    expect(encoded.subarray(0, 33).toString('hex')).toBe('00cfc187a9f0d99a186ecbb9612c90e92939f65ea5b2571c71653202705e84fd1e');
    expect(createHash('sha256').update(encoded).digest('hex')).toBe('85f805c04818438d513678dcb95f1eebe74da5b86bddcbb619edb5548c7456fd');
    const { credentialBlob } = await makeCredential(rsa.publicKey, name, secret, seed);
    const encrypted = publicEncrypt({ key: rsa.publicKey, padding: constants.RSA_NO_PADDING }, encoded);
    expect(activateCredential(rsa.privateKey, name, { credentialBlob, secret: tpm2b(encrypted) })).toEqual(secret);
  });

  it.each([
    ['RSA-2048', rsa],
    ['P-256', ecc],
  ])('is undone by the TPM of a %s endorsement key, for the object that it names', async (_, ek) => {
    const credential = await makeCredential(ek.publicKey, name, secret);
    expect(activateCredential(ek.privateKey, name, credential)).toEqual(secret);
    const other = Buffer.from(name);
    other[5] = (other[5] ?? 0) ^ 1;
    expect(() => activateCredential(ek.privateKey, other, credential)).toThrow(CredentialError);
  });

  it('is not undone by another key', async () => {
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const credential = await makeCredential(rsa.publicKey, name, secret);
    expect(() => activateCredential(stranger.privateKey, name, credential)).toThrow(CredentialError);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const eccCredential = await makeCredential(ecc.publicKey, name, secret);
    expect(() => activateCredential(other.privateKey, name, eccCredential)).toThrow(CredentialError);
  });

  it('is refused with one bit changed anywhere', async () => {
    for (const ek of [rsa, ecc]) {
      const { credentialBlob, secret: encrypted } = await makeCredential(ek.publicKey, name, randomBytes(20));
      fc.assert(
        fc.property(fc.nat((credentialBlob.length + encrypted.length) * 8 - 1), (position) => {
          const all = Buffer.concat([credentialBlob, encrypted]);
          all[position >> 3] = (all[position >> 3] ?? 0) ^ (1 << (position & 7));
          const damaged = { credentialBlob: all.subarray(0, credentialBlob.length), secret: all.subarray(credentialBlob.length) };
          expect(() => activateCredential(ek.privateKey, name, damaged)).toThrow(CredentialError);
        }),
        { numRuns: 120 },
      );
    }
  });

  it('holds no more than a digest', async () => {
    await expect(makeCredential(rsa.publicKey, name, randomBytes(33))).rejects.toThrow(CredentialError);
  });
});

/** EME-OAEP for a 2048-bit key, with SHA-256 and the label of credentials (RFC 8017, 7.1.1): node:crypto takes no seed. */
function oaepEncode(message: Buffer, oaepSeed: Buffer): Buffer {
  const labelHash = createHash('sha256').update('IDENTITY\0').digest();
  const block = Buffer.concat([labelHash, Buffer.alloc(256 - message.length - 2 * 32 - 2), Buffer.from([1]), message]);
  const masked = xor(block, mgf1(oaepSeed, block.length));
  return Buffer.concat([Buffer.alloc(1), xor(oaepSeed, mgf1(masked, 32)), masked]);
}

function mgf1(from: Buffer, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, counter) =>
    createHash('sha256')
      .update(Buffer.concat([from, tpmU32(counter)]))
      .digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
