import { ByteReader, u16, u32, u64, u8 } from './byte-reader.js';
import { HardwareHashError } from './error.js';
import {
  type BuildVersion,
  type ChassisRecord,
  type CollectionRecord,
  type DiskRecord,
  type DisplayRecord,
  type MemoryRecord,
  type NetworkAdapterRecord,
  type OfflineDeviceIdRecord,
  type ProcessorRecord,
  type VideoMemoryRecord,
} from './hardware-report.js';

/** A record's payload, both ways. Decoders ignore what follows the fields they know. */
export interface PayloadCodec<T> {
  encode(value: T): Buffer;
  decode(payload: Buffer): T;
}

/** A text ends at its NUL: what stands behind it is nothing, and no database could keep it. */
const beforeNul = (text: string): string => text.split('\0')[0] ?? '';

/** UTF-8 with a NUL; readers disagree about the NUL, so that none is accepted as well. */
export const textPayload: PayloadCodec<string> = {
  encode: (value) => Buffer.from(`${value}\0`, 'utf8'),
  decode: (payload) => beforeNul(payload.toString('utf8')),
};

/** Record 7 has no NUL (reference 01, 1.3). */
export const bareTextPayload: PayloadCodec<string> = {
  encode: (value) => Buffer.from(value, 'utf8'),
  decode: (payload) => payload.toString('utf8').replace(/\0+$/, ''),
};

export const wideTextPayload: PayloadCodec<string> = {
  encode: (value) => Buffer.from(`${value}\0`, 'utf16le'),
  decode: (payload) => payload.toString('utf16le').replace(/\0+$/, ''),
};

export const numberPayload: PayloadCodec<number> = { encode: u32, decode: (payload) => new ByteReader(payload).u32() };

/** Seconds in record 1 count from here [inferred, three samples agree] (reference 01, 1.3). */
const EPOCH = Date.UTC(2000, 0, 1);
const QUARTER = 15;

const encodeVersion = ({ major, minor, build, revision }: BuildVersion): Buffer => Buffer.concat([minor, major, revision, build].map(u16));
function readVersion(reader: ByteReader): BuildVersion {
  const [minor, major, revision, build] = [reader.u16(), reader.u16(), reader.u16(), reader.u16()];
  return { major, minor, build, revision };
}

export const collectionPayload: PayloadCodec<CollectionRecord> = {
  encode: (value) =>
    Buffer.concat([
      encodeVersion(value.toolBuild),
      encodeVersion(value.osBuild),
      u32(Math.floor((value.time.getTime() - EPOCH) / 1000)),
      u8(value.utcOffsetMinutes / QUARTER),
      Buffer.from([value.osType, value.architecture, value.toolVersion]),
    ]),
  decode: (payload) => {
    const reader = new ByteReader(payload);
    return {
      toolBuild: readVersion(reader),
      osBuild: readVersion(reader),
      time: new Date(EPOCH + reader.u32() * 1000),
      utcOffsetMinutes: reader.i8() * QUARTER,
      osType: reader.u8(),
      architecture: reader.u8(),
      toolVersion: reader.u8(),
    };
  },
};

export const processorPayload: PayloadCodec<ProcessorRecord> = {
  encode: ({ architecture, packages, cores, threads, hyperThreading }) =>
    Buffer.concat([architecture, packages, cores, threads, hyperThreading ? 1 : 0, 0].map(u16)),
  decode: (payload) => {
    const reader = new ByteReader(payload);
    return {
      architecture: reader.u16(),
      packages: reader.u16(),
      cores: reader.u16(),
      threads: reader.u16(),
      hyperThreading: reader.u16() === 1,
    };
  },
};

export const memoryPayload: PayloadCodec<MemoryRecord> = {
  encode: ({ installedGb, maximumGb, slots, arrays, errorCorrection }) =>
    Buffer.concat([u64(installedGb), u64(maximumGb), u16(slots), u16(arrays), u8(errorCorrection)]),
  decode: (payload) => {
    const reader = new ByteReader(payload);
    return {
      installedGb: reader.u64(),
      maximumGb: reader.u64(),
      slots: reader.u16(),
      arrays: reader.u16(),
      errorCorrection: reader.u8(),
    };
  },
};

export const diskPayload: PayloadCodec<DiskRecord> = {
  encode: ({ capacityGb, bus, type }) => Buffer.concat([u64(capacityGb), u16(bus), u8(type), u8(1)]),
  decode: (payload) => {
    const reader = new ByteReader(payload);
    return { capacityGb: reader.u64(), bus: reader.u16(), type: reader.u8() };
  },
};

export const networkAdapterPayload: PayloadCodec<NetworkAdapterRecord> = {
  encode: ({ medium, macAddress, bus }) => {
    const name = bus === undefined ? undefined : wideTextPayload.encode(bus);
    const address = Buffer.from(macAddress.replace(/[-:]/g, ''), 'hex');
    return Buffer.concat([u32(medium), address, ...(name ? [u32(name.length), name] : [])]);
  },
  decode: (payload) => {
    const reader = new ByteReader(payload);
    const medium = reader.u32();
    const digits = reader.take(6).toString('hex').toUpperCase();
    const macAddress = digits.match(/../g)?.join('-') ?? '';
    return { medium, macAddress, ...(reader.remaining >= 4 ? { bus: wideTextPayload.decode(reader.take(reader.u32())) } : {}) };
  },
};

export const displayPayload: PayloadCodec<DisplayRecord> = {
  encode: ({ widthMm, heightMm, horizontalPixels, verticalPixels, outputTechnology }) =>
    Buffer.concat([...[widthMm, heightMm, horizontalPixels, verticalPixels].map(u16), u32(outputTechnology)]),
  decode: (payload) => {
    const reader = new ByteReader(payload);
    return {
      widthMm: reader.u16(),
      heightMm: reader.u16(),
      horizontalPixels: reader.u16(),
      verticalPixels: reader.u16(),
      outputTechnology: reader.u32(),
    };
  },
};

export const chassisPayload: PayloadCodec<ChassisRecord> = {
  encode: ({ type, powerRole }) => Buffer.from([type, powerRole, 1, 0, 0]),
  decode: (payload) => {
    const reader = new ByteReader(payload);
    return { type: reader.u8(), powerRole: reader.u8() };
  },
};

export const offlineDeviceIdPayload: PayloadCodec<OfflineDeviceIdRecord> = {
  encode: ({ type, id }) => Buffer.concat([u32(0), u16(type), u32(id.length), id]),
  decode: (payload) => {
    const reader = new ByteReader(payload);
    reader.u32();
    return { type: reader.u16(), id: reader.take(reader.u32()) };
  },
};

/** GUID byte order: the first three fields are little endian. One public decoder prints it big endian (reference 01, 1.3). */
export const guidPayload: PayloadCodec<string> = {
  encode: (value) => {
    const digits = value.replaceAll('-', '');
    const bytes = Buffer.from(digits, 'hex');
    if (bytes.length !== 16) throw new RangeError(`"${value}" is not a GUID`);
    return Buffer.concat([swap(bytes, 0, 4), swap(bytes, 4, 6), swap(bytes, 6, 8), bytes.subarray(8)]);
  },
  decode: (payload) => {
    if (payload.length !== 16) throw new HardwareHashError('record', 'The SMBIOS UUID of the hardware hash has not 16 bytes');
    const parts = [swap(payload, 0, 4), swap(payload, 4, 6), swap(payload, 6, 8), payload.subarray(8, 10), payload.subarray(10)];
    return parts.map((part) => part.toString('hex')).join('-');
  },
};
const swap = (bytes: Buffer, start: number, end: number): Buffer => Buffer.from(bytes.subarray(start, end)).reverse();

/** Raw numbers. At least one public generator writes base64 text of the 256 bytes instead (reference 01, 1.3 record 25). */
export const ekPublicPayload: PayloadCodec<Buffer> = {
  encode: (value) => value,
  decode: (payload) => {
    const text = payload.toString('latin1').replace(/\0+$/, '');
    const decoded = /^[0-9A-Za-z+/]{300,}=*$/.test(text) ? Buffer.from(text, 'base64') : undefined;
    return decoded?.length === 256 ? decoded : payload;
  },
};

export const videoMemoryPayload: PayloadCodec<VideoMemoryRecord> = {
  encode: ({ dedicatedVideo, dedicatedSystem }) => Buffer.concat([u32(dedicatedVideo), u32(dedicatedSystem), u16(0)]),
  decode: (payload) => {
    const reader = new ByteReader(payload);
    return { dedicatedVideo: reader.u32(), dedicatedSystem: reader.u32() };
  },
};
