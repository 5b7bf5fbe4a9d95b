import { ImeCodecError } from './error.js';
import { parseObject } from './gateway-session.js';

/**
 * What stands in the place of an installer inside an app's content: a description of what running it does on a simulated device
 * (our choice: a real package is a ZIP with the vendor's installer).
 */
export interface AppPackage {
  /** Exit code of the installer. */
  readonly exitCode: number;
  readonly seconds: number;
  /** Files that exist afterwards when the exit code is a success. */
  readonly creates: readonly string[];
}

const FORMAT = 'greenscreen-app/1';

export function encodeAppPackage(content: AppPackage): Buffer {
  return Buffer.from(JSON.stringify({ format: FORMAT, ...content }), 'utf8');
}

export function decodeAppPackage(bytes: Buffer): AppPackage {
  const { format, exitCode, seconds, creates } = parseObject(bytes.toString('utf8'));
  if (format !== FORMAT || typeof exitCode !== 'number' || typeof seconds !== 'number' || !Array.isArray(creates))
    throw new ImeCodecError('not an app package');
  return { exitCode, seconds, creates: creates.filter((path): path is string => typeof path === 'string') };
}
