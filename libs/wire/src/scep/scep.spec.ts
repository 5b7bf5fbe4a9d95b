import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  aikCapabilities,
  decodeAttestationChallenge,
  decodeAuthorityHost,
  decodeCapabilities,
  decodeKeyAttestationStatement,
  encodeAttestationChallenge,
  encodeAuthorityHost,
  encodeCapabilities,
  encodeKeyAttestationStatement,
  ScepError,
} from './index.js';

const blob = (maximum: number) => fc.uint8Array({ maxLength: maximum }).map((bytes) => Buffer.from(bytes));
const sized = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);

describe('KAST', () => {
  it('lays out a Windows AIK in 774 bytes behind its header', () => {
    const statement = {
      publicArea: Buffer.alloc(312),
      creationData: Buffer.alloc(55),
      attest: Buffer.alloc(139),
      signature: Buffer.alloc(262),
    };
    const bytes = encodeKeyAttestationStatement(statement);
    expect(bytes.subarray(0, 28).toString('hex')).toBe('4b41535401000000020000001c000000060300000000000000000000');
    expect(bytes).toHaveLength(28 + 774);
    expect(decodeKeyAttestationStatement(bytes)).toEqual(statement);
  });

  it('survives a round trip, and no other length', () => {
    fc.assert(
      fc.property(blob(400), blob(80), blob(200), blob(300), (publicArea, creationData, attest, signature) => {
        const bytes = encodeKeyAttestationStatement({ publicArea, creationData, attest, signature });
        expect(decodeKeyAttestationStatement(bytes)).toEqual({ publicArea, creationData, attest, signature });
        expect(() => decodeKeyAttestationStatement(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow(ScepError);
        expect(() => decodeKeyAttestationStatement(bytes.subarray(0, -1))).toThrow(ScepError);
      }),
    );
  });

  it.each([
    ['another magic', 0],
    ['version 2', 4],
    ['platform 1', 8],
    ['another header size', 12],
    ['another binding size', 16],
    ['an AIK opaque', 24],
  ])('is refused with %s', (_, at) => {
    const bytes = encodeKeyAttestationStatement({
      publicArea: Buffer.alloc(4),
      creationData: Buffer.alloc(4),
      attest: Buffer.alloc(4),
      signature: Buffer.alloc(4),
    });
    bytes.writeUInt32LE((bytes.readUInt32LE(at) ^ 3) >>> 0, at);
    expect(() => decodeKeyAttestationStatement(bytes)).toThrow(ScepError);
  });
});

describe('TACH', () => {
  it('holds a challenge for an RSA-2048 EK in 352 bytes', () => {
    const challenge = { credentialBlob: sized(Buffer.alloc(68, 1)), secret: sized(Buffer.alloc(256, 2)) };
    const bytes = encodeAttestationChallenge(challenge);
    expect(bytes.subarray(0, 26).toString('hex')).toBe('544143480100000002000000180000004801000000000000' + '0044');
    expect(decodeAttestationChallenge(bytes)).toEqual(challenge);
  });

  it('is refused when truncated', () => {
    const bytes = encodeAttestationChallenge({ credentialBlob: sized(Buffer.alloc(3)), secret: sized(Buffer.alloc(3)) });
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => decodeAttestationChallenge(bytes.subarray(0, length))).toThrow(ScepError);
  });
});

describe('names and capabilities', () => {
  it('find the authority of a host in any case', () => {
    const host = 'AMD-keyid-578c545f796951421221a4a578acdb5f682f89c8.microsoftaik.azure.net';
    const name = { vendor: 'AMD', keyId: '578c545f796951421221a4a578acdb5f682f89c8' };
    expect(decodeAuthorityHost(host)).toEqual(name);
    expect(decodeAuthorityHost(host.toUpperCase())).toEqual(name);
    expect(encodeAuthorityHost(name).toLowerCase()).toBe(host.toLowerCase());
    expect(decodeAuthorityHost('amd-keyid-578c545f796951421221a4a578acdb5f682f89c.microsoftaik.azure.net')).toBeUndefined();
  });

  it('end with CRLF and are read without regard to case', () => {
    expect(encodeCapabilities(aikCapabilities)).toMatch(/^SHA-256\nSHA-1\n.*GetCaCertChain\r\n$/s);
    expect(decodeCapabilities(encodeCapabilities(aikCapabilities)).has('identitykeyattestation')).toBe(true);
  });
});
