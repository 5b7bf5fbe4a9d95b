import { type ContainerOptions, decodeContainer, encodeContainer, type HashRecord } from './container.codec.js';
import { type HardwareReport } from './hardware-report.js';
import * as payloads from './payloads.js';
import { type PayloadCodec } from './payloads.js';
import { decodeHashText, encodeHashText } from './text.js';

type Draft = { -readonly [K in keyof HardwareReport]?: HardwareReport[K] };
type ListKey = { [K in keyof HardwareReport]-?: HardwareReport[K] extends readonly unknown[] ? K : never }[keyof HardwareReport];
type SingleKey = Exclude<keyof HardwareReport, ListKey>;

/** A record type: which member of the report it is, and how it is written. */
interface RecordCodec {
  readonly type: number;
  readonly encode: (report: HardwareReport) => Buffer[];
  readonly decode: (payload: Buffer, draft: Draft) => void;
}

function one<K extends SingleKey>(type: number, key: K, codec: PayloadCodec<NonNullable<HardwareReport[K]>>): RecordCodec {
  return {
    type,
    encode: (report) => {
      const value = report[key];
      return value === undefined ? [] : [codec.encode(value)];
    },
    decode: (payload, draft) => {
      draft[key] = codec.decode(payload);
    },
  };
}

function many<K extends ListKey>(type: number, key: K, codec: PayloadCodec<HardwareReport[K][number]>): RecordCodec {
  return {
    type,
    encode: (report) => report[key].map((value: HardwareReport[K][number]) => codec.encode(value)),
    decode: (payload, draft) => {
      const members: Record<string, readonly unknown[] | undefined> = { [key]: draft[key] };
      Object.assign(draft, { [key]: [...(members[key] ?? []), codec.decode(payload)] });
    },
  };
}

/** In the order of a real blob; decoding takes any order, and skips types that are not here by their length (reference 01, 1.3). */
const records: readonly RecordCodec[] = [
  one(1, 'collection', payloads.collectionPayload),
  one(2, 'processor', payloads.processorPayload),
  one(5, 'memory', payloads.memoryPayload),
  one(3, 'processorManufacturer', payloads.textPayload),
  one(4, 'processorModel', payloads.textPayload),
  many(6, 'disks', payloads.diskPayload),
  many(7, 'diskSerialNumbers', payloads.bareTextPayload),
  many(8, 'networkAdapters', payloads.networkAdapterPayload),
  many(9, 'displays', payloads.displayPayload),
  one(27, 'reserved', payloads.numberPayload),
  one(10, 'chassis', payloads.chassisPayload),
  one(13, 'tpmVersion', payloads.textPayload),
  one(25, 'ekPublic', payloads.ekPublicPayload),
  one(11, 'offlineDeviceId', payloads.offlineDeviceIdPayload),
  one(12, 'smbiosUuid', payloads.guidPayload),
  one(14, 'serialNumber', payloads.textPayload),
  one(15, 'firmwareVendor', payloads.textPayload),
  one(16, 'manufacturer', payloads.textPayload),
  one(17, 'productName', payloads.textPayload),
  one(18, 'skuNumber', payloads.textPayload),
  one(19, 'systemFamily', payloads.textPayload),
  one(20, 'secondFirmwareVendor', payloads.textPayload),
  one(21, 'boardProduct', payloads.textPayload),
  one(22, 'boardVersion', payloads.textPayload),
  one(23, 'systemVersion', payloads.textPayload),
  one(24, 'productKeyId', payloads.textPayload),
  one(26, 'productKeyPartNumber', payloads.textPayload),
  many(28, 'diskKernelSerialNumbers', payloads.textPayload),
  many(29, 'videoMemory', payloads.videoMemoryPayload),
  many(30, 'videoAdapters', payloads.wideTextPayload),
];
const byType = new Map(records.map((record) => [record.type, record]));

const noLists = {
  disks: [],
  diskSerialNumbers: [],
  networkAdapters: [],
  displays: [],
  diskKernelSerialNumbers: [],
  videoMemory: [],
  videoAdapters: [],
} satisfies Pick<HardwareReport, ListKey>;

/** The 3,000 bytes of a report. */
export function encodeHardwareReport(report: HardwareReport): Buffer {
  const written: HashRecord[] = records.flatMap(({ type, encode }) => encode(report).map((payload) => ({ type, payload })));
  return encodeContainer(written);
}

/** Throws {@link HardwareHashError}; {@link hardwareIdentityOf} judges what the report says. */
export function decodeHardwareReport(bytes: Buffer, options: ContainerOptions = {}): HardwareReport {
  const draft: Draft = {};
  for (const { type, payload } of decodeContainer(bytes, options)) byType.get(type)?.decode(payload, draft);
  return { ...noLists, ...draft };
}

/** The hardware hash of a report: 4,000 characters of base64. */
export const encodeHardwareHash = (report: HardwareReport): string => encodeHashText(encodeHardwareReport(report));

/** What a hardware hash says: the text in any of the forms that devices send (with or without padding). Throws {@link HardwareHashError}. */
export const decodeHardwareHash = (text: string, options: ContainerOptions = {}): HardwareReport =>
  decodeHardwareReport(decodeHashText(text), options);
