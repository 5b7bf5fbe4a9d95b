import { describe, expect, it } from '@jest/globals';
import {
  decodeHardwareHash,
  decodeHardwareReport,
  ekHashOf,
  ekHashOfNumbers,
  ekPublicNumbers,
  encodeHardwareHash,
  encodeHardwareReport,
  HardwareHashError,
  hardwareHashOf,
  hardwareIdentityOf,
  type HardwareReport,
  tpmVersionText,
} from '@greenscreen/wire/hardware-hash';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { vectorEk, vectorReport, vectorResult } from './hardware-hash.vector.js';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const blob = encodeHardwareReport(vectorReport);

/** The blob with other records (`change` sees them as bytes) under a header and digest that fit. */
function withRecords(change: (records: Buffer) => Buffer): Buffer {
  const records = change(Buffer.from(blob.subarray(4, vectorResult.total)));
  const header = Buffer.from([0x4f, 0x41, 0, 0]);
  header.writeUInt16LE(4 + records.length, 2);
  const covered = Buffer.concat([header, records]);
  return Buffer.concat([covered, Buffer.from([0x43, 0x53, 36, 0]), createHash('sha256').update(covered).digest()]);
}

/** Start of the first record of a type, in the records' bytes. */
function recordAt(records: Buffer, type: number): number {
  let offset = 0;
  while (records.readUInt16LE(offset) !== type) offset += records.readUInt16LE(offset + 2);
  return offset;
}

const problemOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return error instanceof HardwareHashError ? error.problem : String(error);
  }
};

describe('hardware hash', () => {
  it('01-1 generates the vector byte for byte', () => {
    expect(blob).toHaveLength(3000);
    expect(blob.readUInt16LE(2)).toBe(vectorResult.total);
    expect(blob.subarray(vectorResult.total + 4, vectorResult.total + 36).toString('hex')).toBe(vectorResult.trailerDigest);
    expect(sha256(blob)).toBe(vectorResult.blobDigest);
    const text = encodeHardwareHash(vectorReport);
    expect(text).toHaveLength(4000);
    expect(text.startsWith(vectorResult.textStart)).toBe(true);
  });

  it('01-2 decodes the vector, and the report is the one that went in', () => {
    const report = decodeHardwareHash(blob.toString('base64'));
    expect(report).toEqual(vectorReport);
    expect(report.ekPublic).toHaveLength(256);
    expect(report.collection).toMatchObject({ time: new Date('2025-03-14T09:26:53Z'), utcOffsetMinutes: 60 });
    expect(hardwareIdentityOf(report)).toEqual({
      ekHash: vectorResult.ekHash,
      ddid: '0018C784C89334C3',
      smbiosUuid: '5f0c3b1e-9a47-4d2c-8e11-0a1b2c3d4e5f',
      serialNumber: 'MOCK-0001',
      manufacturer: 'Contoso Devices',
      model: 'Mockbook 14',
      skuNumber: 'MB14-SKU1',
      systemFamily: 'Mockbook',
      productKeyId: '',
      tpmVersion: vectorReport.tpmVersion,
    });
  });

  it('01-3 trailing zero bytes carry nothing', () => {
    const short = blob.subarray(0, 775);
    expect(decodeHardwareReport(short)).toEqual(vectorReport);
    expect(decodeHardwareHash(short.toString('base64'))).toEqual(vectorReport);
    expect(decodeHardwareHash(`${blob.toString('base64').slice(0, 3998)}`)).toEqual(vectorReport);
    expect(problemOf(() => decodeHardwareReport(blob.subarray(0, 774)))).toBe('checksum');
  });

  it('01-4 a text without padding decodes', () => {
    const padded = blob.subarray(0, 775).toString('base64');
    expect(padded.endsWith('==')).toBe(true);
    expect(decodeHardwareHash(padded.replace(/=+$/, ''))).toEqual(vectorReport);
    expect(problemOf(() => decodeHardwareHash(padded.replace('T', '*')))).toBe('base64');
  });

  it('01-5 a blob that does not start with OA is refused', () => {
    const bytes = Buffer.from(blob);
    bytes[0] = 0x4e;
    expect(problemOf(() => decodeHardwareReport(bytes))).toBe('container');
    expect(problemOf(() => decodeHardwareReport(Buffer.alloc(0)))).toBe('container');
    expect(problemOf(() => decodeHardwareReport(blob))).toBe('none');
  });

  it('01-6 a flipped byte is a checksum error, which can be switched off', () => {
    const bytes = Buffer.from(blob);
    bytes[700] = (bytes[700] ?? 0) ^ 1;
    expect(problemOf(() => decodeHardwareReport(bytes))).toBe('checksum');
    expect(problemOf(() => decodeHardwareReport(bytes, { requireChecksum: false }))).toBe('none');
  });

  it('01-7 a record shorter than its header, or past the end, is refused without reading on', () => {
    const length = (value: number) => (records: Buffer) => {
      records.writeUInt16LE(value, recordAt(records, 14) + 2);
      return records;
    };
    expect(problemOf(() => decodeHardwareReport(withRecords(length(2))))).toBe('record');
    expect(problemOf(() => decodeHardwareReport(withRecords(length(60000))))).toBe('record');
    expect(problemOf(() => decodeHardwareReport(withRecords((records) => records.subarray(0, records.length - 3))))).toBe('record');
    expect(problemOf(() => decodeHardwareReport(withRecords((records) => Buffer.concat([records, Buffer.from([1, 0, 6, 0, 9, 9])]))))).toBe(
      'record',
    );
    expect(problemOf(() => decodeHardwareReport(withRecords((records) => records)))).toBe('none');
  });

  it('01-8 an unknown record is skipped by its length', () => {
    const bytes = withRecords((records) => {
      const at = recordAt(records, 10);
      return Buffer.concat([records.subarray(0, at), Buffer.from([99, 0, 12, 0, 1, 2, 3, 4, 5, 6, 7, 8]), records.subarray(at)]);
    });
    expect(decodeHardwareReport(bytes)).toEqual(vectorReport);
  });

  it('01-9 an EK written as base64 text is recovered', () => {
    const bytes = withRecords((records) => {
      const at = recordAt(records, 25);
      const text = Buffer.from(vectorEk.toString('base64'), 'ascii');
      const header = Buffer.from([25, 0, 0, 0]);
      header.writeUInt16LE(4 + text.length, 2);
      return Buffer.concat([records.subarray(0, at), header, text, records.subarray(at + 260)]);
    });
    expect(hardwareIdentityOf(decodeHardwareReport(bytes)).ekHash).toBe(vectorResult.ekHash);
  });

  it('01-10 an OfflineDeviceId that is not the digest of the EK is refused', () => {
    const report: HardwareReport = { ...vectorReport, offlineDeviceId: { type: 1, id: Buffer.alloc(32, 7) } };
    expect(problemOf(() => hardwareIdentityOf(decodeHardwareReport(encodeHardwareReport(report))))).toBe('ek_mismatch');
    expect(problemOf(() => hardwareIdentityOf(vectorReport))).toBe('none');
  });

  it('01-11 two captures of one device are the same device', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const facts = {
      serial: 'LAB-1',
      manufacturer: 'Contoso Devices',
      model: 'Mockbook 14',
      sku: 'MB14',
      family: 'Mockbook',
      smbiosUuid: '6f0c3b1e-9a47-4d2c-8e11-0a1b2c3d4e5f',
      osBuild: '26100.2454',
      ekPublic: publicKey,
      tpmVersion: tpmVersionText('IFX', '7.85.4555.0'),
    };
    const first = hardwareHashOf({ ...facts, macAddresses: ['02-00-5E-10-00-01'], time: new Date('2026-01-01T00:00:00Z') });
    const second = hardwareHashOf({
      ...facts,
      macAddresses: ['02-00-5E-10-00-02', '02-00-5E-10-00-03'],
      diskSerial: 'REPLACED',
      time: new Date('2026-06-01T00:00:00Z'),
    });
    expect(first).toHaveLength(4000);
    expect(second).not.toBe(first);
    expect(hardwareIdentityOf(decodeHardwareHash(second))).toEqual(hardwareIdentityOf(decodeHardwareHash(first)));
    expect(hardwareIdentityOf(decodeHardwareHash(first)).ekHash).toBe(ekHashOf(publicKey));
  });

  it('06 D-A1 to D-A3: hashes of EKs and HWDeviceIDs', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const numbers = ekPublicNumbers(publicKey);
    expect(numbers).toHaveLength(64);
    expect(ekHashOf(publicKey)).toBe(ekHashOfNumbers(numbers));
    const ecc: HardwareReport = {
      ...vectorReport,
      ekPublic: numbers,
      offlineDeviceId: { type: 1, id: Buffer.from(ekHashOf(publicKey), 'hex') },
    };
    expect(problemOf(() => hardwareIdentityOf(ecc))).toBe('ek');
    expect(hardwareIdentityOf(ecc, { allowEcc: true }).ekHash).toBe(ekHashOf(publicKey));
    const bare: { -readonly [K in keyof HardwareReport]: HardwareReport[K] } = { ...vectorReport };
    delete bare.ekPublic;
    delete bare.offlineDeviceId;
    const expected = sha256(Buffer.from('5f0c3b1e-9a47-4d2c-8e11-0a1b2c3d4e5f|MOCK-0001')).slice(0, 12).toUpperCase();
    expect(hardwareIdentityOf(bare)).toMatchObject({ ekHash: null, ddid: `0018${expected}` });
  });
});
