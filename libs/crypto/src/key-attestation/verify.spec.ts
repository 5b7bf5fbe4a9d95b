import { describe, expect, it } from '@jest/globals';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { rsaNumbers } from '../keys/index.js';
import { KeyAttestationError, verifyKeyAttestation } from './index.js';

const aik = generateKeyPairSync('rsa', { modulusLength: 2048 });
const dk = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const qualifyingData = createHash('sha256').update('nonce').digest();

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const sized = (bytes: Buffer): Buffer => Buffer.concat([u16(bytes.length), bytes]);
/** Sign and decrypt, user with auth, bound to the TPM: what the platform provider makes. */
const publicArea = (key: KeyObject, attributes = '00060072'): Buffer =>
  Buffer.concat([Buffer.from(`0001000b${attributes}0000001000100800`, 'hex'), Buffer.alloc(4), sized(rsaNumbers(key).modulus)]);
const nameOf = (area: Buffer): Buffer => Buffer.concat([u16(0x000b), createHash('sha256').update(area).digest()]);

const attestOf = (name: Buffer, extraData = qualifyingData, magic = 'ff544347', type = '8017'): Buffer =>
  Buffer.concat([
    Buffer.from(magic + type, 'hex'),
    sized(Buffer.alloc(34)),
    sized(extraData),
    Buffer.alloc(25),
    sized(name),
    sized(Buffer.alloc(34)),
  ]);
const signatureOf = (attest: Buffer, key = aik.privateKey, hash: 'sha1' | 'sha256' = 'sha256'): Buffer =>
  Buffer.concat([u16(0x0014), u16(hash === 'sha1' ? 0x0004 : 0x000b), sized(sign(hash, attest, key))]);
const statement = (area = publicArea(dk.publicKey), attest = attestOf(nameOf(area)), signature = signatureOf(attest)) => ({
  publicArea: area,
  attest,
  signature,
});
const expected = { key: dk.publicKey, aik: aik.publicKey, qualifyingData };

describe('a TPM statement about a key (reference 06, D-A17)', () => {
  it('is accepted as the TPM made it, with either hash of the AIK', () => {
    const good = statement();
    expect(() => verifyKeyAttestation(good, expected)).not.toThrow();
    expect(() => verifyKeyAttestation({ ...good, signature: signatureOf(good.attest, aik.privateKey, 'sha1') }, expected)).not.toThrow();
  });

  it('is refused when anything in it is not as it has to be', () => {
    const area = publicArea(dk.publicKey);
    const name = nameOf(area);
    const bad: Record<string, ReturnType<typeof statement>> = {
      'another key': statement(publicArea(other.publicKey)),
      'a key that may leave the TPM': statement(publicArea(dk.publicKey, '00060040')),
      'an imported key': statement(publicArea(dk.publicKey, '00060052')),
      'another Name': statement(area, attestOf(nameOf(publicArea(other.publicKey)))),
      'another nonce': statement(area, attestOf(name, Buffer.alloc(32))),
      'no TPM magic': statement(area, attestOf(name, qualifyingData, 'ff544348')),
      'a quote': statement(area, attestOf(name, qualifyingData, 'ff544347', '8018')),
      'another signer': statement(area, attestOf(name), signatureOf(attestOf(name), other.privateKey)),
      'an attest with a byte too many': statement(area, Buffer.concat([attestOf(name), Buffer.alloc(1)])),
      'a signature with a byte too many': { ...statement(), signature: Buffer.concat([statement().signature, Buffer.alloc(1)]) },
      'an unknown signature scheme': { ...statement(), signature: Buffer.concat([u16(0x0005), statement().signature.subarray(2)]) },
      'a key without a modulus': statement(Buffer.concat([area.subarray(0, 22), Buffer.alloc(2)])),
      'a key of another kind': statement(Buffer.concat([u16(0x0008), area.subarray(2)])),
    };
    for (const [what, attestation] of Object.entries(bad))
      expect({ what, thrown: thrownBy(() => verifyKeyAttestation(attestation, expected)) }).toEqual({
        what,
        thrown: expect.any(KeyAttestationError),
      });
  });

  it('is refused at every truncation', () => {
    const good = statement();
    for (const part of ['publicArea', 'attest', 'signature'] as const)
      for (let length = 0; length < good[part].length; length += 7)
        expect(thrownBy(() => verifyKeyAttestation({ ...good, [part]: good[part].subarray(0, length) }, expected))).toBeInstanceOf(
          KeyAttestationError,
        );
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
