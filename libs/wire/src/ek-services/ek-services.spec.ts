import { describe, expect, it } from '@jest/globals';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  decodeAmdId,
  decodeIntelAnswer,
  decodeQualcommAnswer,
  decodeQualcommRequest,
  encodeIntelAnswer,
  encodeQualcommAnswer,
  encodeQualcommRequest,
  amdEkId,
  EkServiceError,
  intelEkPath,
} from './index.js';

const ecc = createPublicKey({
  format: 'jwk',
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: Buffer.from('6d8e7630ee5d11e566e80299bfb9e43cec8c44f70bc8ad81b50f690a3deb7498', 'hex').toString('base64url'),
    y: Buffer.from('21a536c8fef7482313d7f4517f11c9f2b4cd424cbc8fe9094b89566851fe0853', 'hex').toString('base64url'),
  },
});

describe('EK certificate services', () => {
  it('03-4 finds the golden ECC key of tpm2-tools under its Intel path', () => {
    expect(intelEkPath(ecc)).toBe('/ekcertservice/eXT1X6I9wqIMOXll9LoXf0adQelkeaBccmoYU8Kth8o%3D');
  });

  it('reads Intel’s answer as it is written', () => {
    const certificate = Buffer.from('30820101ff', 'hex');
    const body = encodeIntelAnswer('abc=', certificate);
    expect(body).toBe('{"pubhash":"abc%3D","certificate":"MIIBAf8%3D"}\n');
    expect(decodeIntelAnswer(Buffer.from(body))).toEqual(certificate);
    expect(() => decodeIntelAnswer(Buffer.from('{"pubhash":"abc"}'))).toThrow(EkServiceError);
  });

  it('takes AMD ids of 32 hex digits in any case', () => {
    expect(amdEkId(ecc)).toMatch(/^[0-9a-f]{32}$/);
    expect(decodeAmdId('264D39A23CEB5D5B49D610044EEBD121')).toBe('264d39a23ceb5d5b49d610044eebd121');
    for (const segment of ['264D39A23CEB5D5B49D610044EEBD12', '264D39A23CEB5D5B49D610044EEBD1211', 'x'.repeat(32)])
      expect(decodeAmdId(segment)).toBeUndefined();
  });

  it('has no lookup key for other exponents', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024, publicExponent: 3 });
    expect(() => amdEkId(publicKey)).toThrow(EkServiceError);
  });

  it('round-trips Qualcomm’s bodies', () => {
    const bytes = Buffer.from([0, 4, 1, 2, 3, 4]);
    expect(decodeQualcommRequest(Buffer.from(encodeQualcommRequest(bytes)))).toEqual(bytes);
    expect(decodeQualcommAnswer(Buffer.from(JSON.stringify(encodeQualcommAnswer(bytes))))).toEqual(bytes);
    expect(() => decodeQualcommRequest(Buffer.from('[]'))).toThrow(EkServiceError);
  });
});
