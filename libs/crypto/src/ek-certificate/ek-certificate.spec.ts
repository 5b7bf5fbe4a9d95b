import { describe, expect, it } from '@jest/globals';
import { generateKeyPair, rsaNumbers } from '../keys/index.js';
import { decodeTpmIdentity, decodeTpmVersion, encodeTpmIdentity, encodeTpmVersion, isWeakModulus, vendorLabel } from './index.js';

const identity = { manufacturer: 'id:494E5443', model: 'SPT', version: 'id:00020000' };

describe('EK certificates', () => {
  it('name the TPM in the bytes of Intel’s', () => {
    const [model, version] = ['SPT', 'id:00020000'];
    expect(encodeTpmIdentity({ manufacturer: 'id:494E5443', model, version }).toString('hex').toUpperCase()).toBe(
      '3044A44230403116301406056781050201' +
        '0C0B69643A3439344535343433' +
        '310E300C060567810502020C03535054' +
        '31163014060567810502030C0B69643A3030303230303030',
    );
  });

  it('are read by OID, in one RDN or in three', () => {
    for (const multiValued of [false, true]) expect(decodeTpmIdentity(encodeTpmIdentity(identity, multiValued))).toEqual(identity);
    expect(() => decodeTpmIdentity(Buffer.from('3000', 'hex'))).toThrow('TPM identity');
  });

  it('hold versions of two numbers, or what old parts wrote', () => {
    expect(encodeTpmVersion('7.62.3126.0')).toBe('id:0007003E');
    expect(decodeTpmVersion('id:0007003E')).toEqual({ major: 7, minor: 62 });
    expect(encodeTpmVersion('id:13')).toBe('id:13');
    expect(decodeTpmVersion('id:13')).toBeUndefined();
    expect(() => encodeTpmVersion('70000.1')).toThrow(RangeError);
  });

  it.each([
    ['id:49465800', 'IFX'],
    ['id:53544D20', 'STM'],
    ['id:414D4400', 'AMD'],
    ['id:00001014', '\x10\x14'],
    ['IFX', undefined],
  ])('%s is %s', (manufacturer, label) => expect(vendorLabel(manufacturer)).toBe(label));
});

describe('ROCA', () => {
  it('marks moduli whose primes come from powers of 65537, and hardly any other', async () => {
    const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103];
    const more = [107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167];
    const primorial = [...primes, ...more].reduce((product, prime) => product * BigInt(prime), 1n);
    for (const exponent of [1n, 77n, 12_345n]) {
      let power = 1n;
      for (let n = 0n; n < exponent; n += 1n) power = (power * 65537n) % primorial;
      expect(isWeakModulus(Buffer.from((primorial * 0x1234567n + power).toString(16).padStart(64, '0'), 'hex'))).toBe(true);
    }
    for (let n = 0; n < 3; n += 1) expect(isWeakModulus(rsaNumbers((await generateKeyPair('rsa2048')).publicKey).modulus)).toBe(false);
  });
});
