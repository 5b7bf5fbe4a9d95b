import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Attest,
  type CreationData,
  decodeAttest,
  decodeCreationData,
  decodePublicArea,
  decodeTpmSignature,
  eccEkTemplate,
  encodeAttest,
  encodeCreationData,
  encodePublicArea,
  encodeTpmSignature,
  type PublicArea,
  rsaEkTemplate,
  tpm2b,
  tpmAlgorithms,
  TpmFormatError,
  type TpmSignature,
  windowsAikTemplate,
} from './index.js';

const buffer = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength }).map((bytes) => Buffer.from(bytes));
const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const selection = fc.array(fc.record({ hash: u16, bitmap: buffer(0, 4) }), { maxLength: 3 });

const head = {
  qualifiedSigner: buffer(0, 66),
  extraData: buffer(0, 64),
  clock: u64,
  resetCount: u32,
  restartCount: u32,
  safe: fc.boolean(),
  firmwareVersion: u64,
};
const attest: fc.Arbitrary<Attest> = fc.oneof(
  fc.record({ type: fc.constant('certify' as const), ...head, name: buffer(0, 66), qualifiedName: buffer(0, 66) }),
  fc.record({ type: fc.constant('creation' as const), ...head, objectName: buffer(0, 66), creationHash: buffer(0, 64) }),
  fc.record({ type: fc.constant('quote' as const), ...head, pcrSelection: selection, pcrDigest: buffer(0, 64) }),
);

const { aes, cfb, rsassa, rsapss, sha1, sha256, ecdsa } = tpmAlgorithms;
const common = { nameAlg: u16, attributes: u32, authPolicy: buffer(0, 64) };
const symmetric = fc.constant({ algorithm: aes, keyBits: 128, mode: cfb });
const scheme = fc.record({ algorithm: fc.constantFrom(rsassa, rsapss, ecdsa), hash: fc.constantFrom(sha1, sha256) });
const area: fc.Arbitrary<PublicArea> = fc.oneof(
  fc.record(
    { type: fc.constant('rsa' as const), ...common, symmetric, scheme, keyBits: u16, exponent: u32, modulus: buffer(0, 512) },
    { requiredKeys: ['type', 'nameAlg', 'attributes', 'authPolicy', 'keyBits', 'exponent', 'modulus'] },
  ),
  fc.record(
    {
      type: fc.constant('ecc' as const),
      ...common,
      symmetric,
      scheme,
      curve: fc.constantFrom('P-256', 'P-384', 'P-521'),
      x: buffer(0, 66),
      y: buffer(0, 66),
    },
    { requiredKeys: ['type', 'nameAlg', 'attributes', 'authPolicy', 'curve', 'x', 'y'] },
  ),
);
const creation: fc.Arbitrary<CreationData> = fc.record({
  pcrSelection: selection,
  pcrDigest: buffer(0, 64),
  locality: u8,
  parentNameAlg: u16,
  parentName: buffer(0, 66),
  parentQualifiedName: buffer(0, 66),
  outsideInfo: buffer(0, 64),
});
const signature: fc.Arbitrary<TpmSignature> = fc.oneof(
  fc.record({
    scheme: fc.constantFrom('rsassa' as const, 'rsapss' as const),
    hash: fc.constantFrom('sha1' as const, 'sha256' as const, 'sha384' as const, 'sha512' as const),
    signature: buffer(0, 512),
  }),
  fc.record({ scheme: fc.constant('ecdsa' as const), hash: fc.constant('sha256' as const), signature: buffer(64) }),
);

/** The value comes back, and no other length of the bytes does. */
function roundTrips<T>(values: fc.Arbitrary<T>, encode: (value: T) => Buffer, decode: (bytes: Buffer) => T): void {
  fc.assert(
    fc.property(values, fc.nat(), (value, cut) => {
      const bytes = encode(value);
      expect(decode(bytes)).toEqual(value);
      expect(() => decode(bytes.subarray(0, cut % bytes.length))).toThrow(TpmFormatError);
      expect(() => decode(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow(TpmFormatError);
    }),
  );
}

const attestHead = {
  qualifiedSigner: Buffer.alloc(34, 1),
  clock: 123_456n,
  resetCount: 7,
  restartCount: 1,
  safe: true,
  firmwareVersion: 0x2019102300163636n,
};
const certified: Attest = {
  type: 'certify',
  ...attestHead,
  extraData: Buffer.alloc(4, 2),
  name: Buffer.alloc(34, 3),
  qualifiedName: Buffer.alloc(34, 4),
};
/** Shapes that a TPM was seen to make, with their sizes (reference 03, 3.2). */
const samples: Readonly<Record<string, [size: number, attest: Attest]>> = {
  certify: [145, certified],
  quote: [
    129,
    {
      type: 'quote',
      ...attestHead,
      extraData: Buffer.alloc(16, 2),
      pcrSelection: [{ hash: sha256, bitmap: Buffer.from('ff0000', 'hex') }],
      pcrDigest: Buffer.alloc(32, 5),
    },
  ],
  creation: [
    139,
    { type: 'creation', ...attestHead, extraData: Buffer.alloc(0), objectName: Buffer.alloc(34, 3), creationHash: Buffer.alloc(32, 6) },
  ],
};

describe('TPM 2.0 structures', () => {
  it('TPMT_PUBLIC survives a round trip, and no other length', () => roundTrips(area, encodePublicArea, decodePublicArea));
  it('TPMS_ATTEST does', () => roundTrips(attest, encodeAttest, decodeAttest));
  it('TPMS_CREATION_DATA does', () => roundTrips(creation, encodeCreationData, decodeCreationData));
  it('TPMT_SIGNATURE does', () => roundTrips(signature, encodeTpmSignature, decodeTpmSignature));

  it.each(Object.entries(samples))(
    '03-37 a %s statement has the size that a TPM gives it, and every truncation is refused',
    (_, [size, value]) => {
      const bytes = encodeAttest(value);
      expect(bytes).toHaveLength(size);
      expect(decodeAttest(bytes)).toEqual(value);
      for (let length = 0; length < size; length += 1) expect(() => decodeAttest(bytes.subarray(0, length))).toThrow(TpmFormatError);
    },
  );

  it('takes no statement that no TPM made, and none of another command', () => {
    const bytes = encodeAttest(certified);
    for (const [at, value] of [
      [0, 0xfe],
      [5, 0x19],
    ] as const) {
      const changed = Buffer.from(bytes);
      changed[at] = value;
      expect(() => decodeAttest(changed)).toThrow(TpmFormatError);
    }
  });

  it('03-38 has the default EK templates byte for byte', () => {
    const policy = '837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa';
    const rsa = tpm2b(encodePublicArea(rsaEkTemplate));
    expect(rsa).toHaveLength(316);
    expect(rsa.subarray(0, 60).toString('hex')).toBe(`013a0001000b000300b20020${policy}00060080004300100800000000000100`);
    const ecc = tpm2b(encodePublicArea(eccEkTemplate));
    expect(ecc).toHaveLength(0x7a + 2);
    expect(ecc.subarray(0, 58).toString('hex')).toBe(`007a0023000b000300b20020${policy}0006008000430010000300100020`);
  });

  it('has Windows’ AIK template with the seed of its own in the place of the modulus', () => {
    const id = Buffer.alloc(20, 9);
    const bytes = encodePublicArea(windowsAikTemplate(id));
    expect(bytes.toString('hex')).toBe(
      `0001000b0005047200209dffcbf36c383ae699fb9868dc6dcb89d7153884be2803922c124158bfad22ae0010001400040800000000000016` +
        `1400${id.toString('hex')}`,
    );
  });
});
