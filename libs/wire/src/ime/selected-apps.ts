import { gunzipSync, gzipSync } from 'node:zlib';
import { ImeCodecError } from './error.js';

/** Intents of an app assignment, as the agent knows them. */
export const appIntent = { available: 1, required: 3, uninstall: 4 } as const;
export const detectionType = { registry: 0, msi: 1, file: 2, script: 3 } as const;

/** How the agent finds out whether an app is there. */
export interface DetectionRule {
  /** See {@link detectionType}. */
  readonly type: number;
  /** File: folder and name. */
  readonly path: string;
  readonly fileOrFolderName: string;
}

/** An app that the agent is to install; names of the members on the wire are those of the IME (reference 04, 4.6; rest inferred). */
export interface SelectedApp {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly intent: number;
  readonly installCommandLine: string;
  readonly detection: readonly DetectionRule[];
  /** Whether the Enrollment Status Page waits for it. */
  readonly tracked: boolean;
}

const MAXIMUM = 4 * 1024 * 1024;

/** base64( uint32 LE uncompressed length ‖ gzip ) of a JSON array. */
export function encodeSelectedApps(apps: readonly SelectedApp[]): string {
  const json = Buffer.from(JSON.stringify(apps.map(wireApp)), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, gzipSync(json)]).toString('base64');
}

export function decodeSelectedApps(payload: string): SelectedApp[] {
  const bytes = Buffer.from(payload, 'base64');
  if (bytes.length < 4) throw new ImeCodecError('the payload lacks its length');
  const length = bytes.readUInt32LE(0);
  if (length > MAXIMUM) throw new ImeCodecError('the payload is too large');
  const json = unpack(bytes.subarray(4));
  if (json.length !== length) throw new ImeCodecError('the payload has another length than announced');
  const list: unknown = JSON.parse(json.toString('utf8'));
  if (!Array.isArray(list)) throw new ImeCodecError('the payload is not a list');
  return list.map(appOf);
}

function unpack(gzip: Buffer): Buffer {
  try {
    return gunzipSync(gzip, { maxOutputLength: MAXIMUM });
  } catch (error) {
    throw new ImeCodecError('the payload is not gzip', { cause: error });
  }
}

function wireApp(app: SelectedApp): Record<string, unknown> {
  return {
    Id: app.id,
    Name: app.name,
    Version: app.version,
    Intent: app.intent,
    TargetType: 2,
    InstallCommandLine: app.installCommandLine,
    UninstallCommandLine: '',
    DetectionRule: JSON.stringify(
      app.detection.map(({ type, path, fileOrFolderName }) => ({
        DetectionType: type,
        DetectionText: JSON.stringify({ Path: path, FileOrFolderName: fileOrFolderName, Check32BitOn64System: true, DetectionType: 1 }),
      })),
    ),
    ReturnCodes: JSON.stringify([
      { ReturnCode: 0, Type: 1 },
      { ReturnCode: 1707, Type: 1 },
      { ReturnCode: 3010, Type: 2 },
      { ReturnCode: 1641, Type: 3 },
      { ReturnCode: 1618, Type: 4 },
    ]),
    InstallEx: JSON.stringify({ RunAs: 1, RequiresLogon: false, InstallProgramVisibility: 3, MaxRetries: 3, RetryIntervalInMinutes: 5 }),
    ESPConfiguration: app.tracked,
  };
}

function appOf(value: unknown): SelectedApp {
  const app = new Map(Object.entries(typeof value === 'object' && value !== null ? value : {}));
  const text = (key: string): string => {
    const member: unknown = app.get(key);
    if (typeof member !== 'string') throw new ImeCodecError(`${key} is missing`);
    return member;
  };
  const intent: unknown = app.get('Intent');
  return {
    id: text('Id'),
    name: text('Name'),
    version: text('Version'),
    intent: typeof intent === 'number' ? intent : 0,
    installCommandLine: text('InstallCommandLine'),
    detection: detectionOf(text('DetectionRule')),
    tracked: app.get('ESPConfiguration') === true,
  };
}

function detectionOf(text: string): DetectionRule[] {
  const rules: unknown = JSON.parse(text);
  if (!Array.isArray(rules)) throw new ImeCodecError('DetectionRule is not a list');
  return rules.map((rule: unknown) => {
    const { DetectionType: type, DetectionText: detail } = Object.fromEntries(Object.entries(objectOf(rule)));
    const inner: unknown = JSON.parse(typeof detail === 'string' ? detail : '{}');
    const { Path: path, FileOrFolderName: name } = Object.fromEntries(Object.entries(objectOf(inner)));
    return {
      type: numberOf(type),
      path: typeof path === 'string' ? path : '',
      fileOrFolderName: typeof name === 'string' ? name : '',
    };
  });
}

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
