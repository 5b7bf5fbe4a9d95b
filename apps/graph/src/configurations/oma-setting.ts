import { Fault } from '@greenscreen/host/faults';
import { type OmaSetting } from '@greenscreen/model/mdm-session';
import { z } from 'zod';

/** An `omaSetting` as clients post it. */
export const omaSettingBody = z.object({
  '@odata.type': z.string(),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  omaUri: z.string().startsWith('./').max(2048),
  value: z.union([z.string(), z.number(), z.boolean()]),
});
type OmaSettingBody = z.output<typeof omaSettingBody>;

/** Values that a type of setting takes, and how they are kept: as SyncML carries them. Files come as base64. */
interface OmaType {
  readonly type: string;
  readonly takes: (value: OmaSettingBody['value']) => boolean;
  readonly keep?: (value: string) => string;
  readonly show: (value: string) => unknown;
  readonly isFile?: boolean;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isBase64 = (value: unknown): boolean => z.base64().safeParse(value).success;

/** Graph's types of settings by the format of the node (Graph reference). */
const omaTypes: Readonly<Record<OmaSetting['format'], OmaType>> = {
  int: { type: 'omaSettingInteger', takes: Number.isInteger, show: Number },
  bool: { type: 'omaSettingBoolean', takes: (value) => typeof value === 'boolean', show: (value) => value === 'true' },
  float: { type: 'omaSettingFloatingPoint', takes: (value) => typeof value === 'number', show: Number },
  chr: { type: 'omaSettingString', takes: isText, show: (value) => value },
  time: { type: 'omaSettingDateTime', takes: isText, show: (value) => value },
  b64: { type: 'omaSettingBase64', takes: isBase64, show: (value) => value, isFile: true },
  xml: {
    type: 'omaSettingStringXml',
    takes: isBase64,
    keep: (value) => Buffer.from(value, 'base64').toString('utf8'),
    show: (value) => Buffer.from(value, 'utf8').toString('base64'),
    isFile: true,
  },
};
const formats = ['int', 'bool', 'float', 'chr', 'time', 'b64', 'xml'] as const satisfies readonly OmaSetting['format'][];

export function decodeOmaSetting({ '@odata.type': type, displayName, description, omaUri, value }: OmaSettingBody): OmaSetting {
  const wanted = type.replace(/^#?microsoft\.graph\./i, '').toLowerCase();
  const format = formats.find((candidate) => omaTypes[candidate].type.toLowerCase() === wanted);
  if (!format) throw new Fault('graph.BadRequest', { reason: `'${type}' is not a type of setting.` });
  if (!omaTypes[format].takes(value)) throw new Fault('graph.BadRequest', { reason: `The value of '${omaUri}' does not fit its type.` });
  const text = String(value);
  return { name: displayName ?? '', description: description ?? '', uri: omaUri, format, value: omaTypes[format].keep?.(text) ?? text };
}

export function encodeOmaSetting({ name, description, uri, format, value }: OmaSetting): Record<string, unknown> {
  const { type, show, isFile } = omaTypes[format];
  return {
    '@odata.type': `#microsoft.graph.${type}`,
    displayName: name,
    description,
    omaUri: uri,
    secretReferenceValueId: null,
    isEncrypted: false,
    value: show(value),
    ...(isFile ? { fileName: '' } : {}),
  };
}
