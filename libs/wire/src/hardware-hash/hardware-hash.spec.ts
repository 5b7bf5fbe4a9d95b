import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { parseXml } from '../xml/index.js';
import {
  decodeHardwareHash,
  decodeHardwareReport,
  type DeviceFacts,
  describeHardwareHash,
  encodeHardwareReport,
  encodeOa3Report,
  HardwareHashError,
  hardwareHashOf,
  hardwareIdentityOf,
  hardwareReportOf,
  missingCriticalFields,
  oa3ToolOutput,
  tpmVersionText,
} from './index.js';

const facts: DeviceFacts = {
  serial: 'LAB-1',
  manufacturer: 'Contoso & Söhne',
  model: 'Book "14"',
  sku: 'B14',
  family: 'Book',
  smbiosUuid: '5F0C3B1E-9A47-4D2C-8E11-0A1B2C3D4E5F',
  macAddresses: ['02-00-5E-10-00-01', '02-00-5E-10-00-02'],
  osBuild: '26100.2454',
  time: new Date('2026-01-12T08:00:00Z'),
  utcOffsetMinutes: -420,
  tpmVersion: tpmVersionText('IFX', '7.85.4555.0'),
};

const { publicKey: ekPublic } = generateKeyPairSync('rsa', { modulusLength: 2048 });

describe('reports of simulated PCs', () => {
  it('come back as they went in', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !value.includes('\0'));
    const mac = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 });
    const any = fc.record({ serial: text, manufacturer: text, model: text, sku: text, family: text, mac, smbiosUuid: fc.uuid() });
    fc.assert(
      fc.property(any, ({ mac: bytes, ...values }) => {
        const macAddress = bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('-');
        const report = hardwareReportOf({ ...facts, ...values, macAddresses: [macAddress], diskSerial: 'D' });
        expect(decodeHardwareReport(encodeHardwareReport(report))).toEqual(report);
      }),
    );
  });

  it('are 4,000 characters, and refused when they cannot be', () => {
    expect(hardwareHashOf(facts)).toHaveLength(4000);
    expect(() => hardwareHashOf({ ...facts, model: 'x'.repeat(3000) })).toThrow(RangeError);
    expect(() => hardwareHashOf({ ...facts, smbiosUuid: 'x' })).toThrow(RangeError);
  });

  it('50,000 damaged blobs end in a report or a HardwareHashError, as bytes and as text', () => {
    const whole = encodeHardwareReport(hardwareReportOf({ ...facts, ekPublic }));
    const chance = chanceFrom(20260112);
    const ends = { report: 0, refused: 0 };
    for (let run = 0; run < 50_000; run++) {
      const bytes = damaged(whole, chance);
      const text = run % 10 === 0 ? damagedText(bytes.toString('base64'), chance) : undefined;
      try {
        const report =
          text === undefined
            ? decodeHardwareReport(bytes, { requireChecksum: false })
            : decodeHardwareHash(text, { requireChecksum: false });
        hardwareIdentityOf(report, { allowEcc: true });
        ends.report++;
      } catch (error) {
        if (!(error instanceof HardwareHashError)) throw error;
        ends.refused++;
      }
    }
    // Both happen, or the damage would prove nothing.
    expect(Math.min(ends.report, ends.refused)).toBeGreaterThan(5_000);
  });
});

/** 0 to below 1, the same for the same seed (mulberry32). */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A few bytes changed, most often in the records; now and then cut off. */
function damaged(whole: Buffer, chance: () => number): Buffer {
  const bytes = Buffer.from(whole.subarray(0, chance() < 0.1 ? Math.floor(chance() * 1100) : 1100));
  const changes = Math.floor(chance() * 6);
  for (let change = 0; change < changes && bytes.length > 0; change++)
    bytes[Math.floor(chance() * bytes.length)] = chance() < 0.3 ? 0 : Math.floor(chance() * 256);
  return bytes;
}

function damagedText(text: string, chance: () => number): string {
  const at = Math.floor(chance() * text.length);
  return `${text.slice(0, at)}${String.fromCharCode(Math.floor(chance() * 300))}${text.slice(at + Math.floor(chance() * 3))}`;
}

describe('reports for people and scripts', () => {
  const report = decodeHardwareHash(hardwareHashOf(facts));

  it("print oa3tool's XML, escaped, between eight lines and four", () => {
    const root = parseXml(encodeOa3Report(report));
    const [inventory] = root.children;
    const values = new Map(
      (inventory?.children ?? []).map(({ attributes }) => {
        const valueOf = (name: string): string => attributes.find((attribute) => attribute.name === name)?.value ?? '';
        return [valueOf('n'), valueOf('v')];
      }),
    );
    expect(root.name).toBe('HardwareReport');
    expect(inventory?.name).toBe('HardwareInventory');
    expect(Object.fromEntries(values)).toMatchObject({
      ToolVersion: '8',
      OsBuild: '10.0.26100.2454',
      OsLocalTime: '2026-01-12T01:00:00-07:00',
      SmbiosSystemManufacturer: 'Contoso & Söhne',
      SmbiosSystemProductName: 'Book "14"',
      SmbiosSystemSerialNumber: 'LAB-1',
      SmbiosUuid: '5f0c3b1e-9a47-4d2c-8e11-0a1b2c3d4e5f',
      TPMVersion: "TPM-Version:2.0 -Level:0-Revision:1.59-VendorID:'IFX'-Firmware:7.85.4555.0",
      MacAddress: '02-00-5E-10-00-02',
    });
    const lines = oa3ToolOutput(report).split('\r\n');
    expect(lines.slice(8, -4).join('\r\n')).toBe(encodeOa3Report(report));
  });

  it('say what is missing and what an import will refuse', () => {
    expect(missingCriticalFields(report)).toEqual(['EkPubHash', 'ProductKeyID']);
    const text = describeHardwareHash(report);
    expect(text).toMatch(/^EK hash +none/);
    expect(text).toMatch(/\nSmbiosSystemSerialNumber +LAB-1\n/);
    expect(text).toMatch(/\nMissing: EkPubHash, ProductKeyID$/);
    const wrong = { ...report, ekPublic: Buffer.alloc(256, 7), offlineDeviceId: { type: 1, id: Buffer.alloc(32) } };
    expect(describeHardwareHash(wrong)).toMatch(/^Refused +OfflineDeviceId is not the digest/);
  });
});
