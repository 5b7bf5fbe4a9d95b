import { MsiJobError } from './error.js';

/**
 * What stands in the place of an MSI: the signature of a compound file, then what installing it does on a simulated device. Real clients
 * find a file of the right name and hash (our choice: a lab installs nothing).
 */
export interface MsiFile {
  readonly productCode: string;
  readonly version: string;
  /** Of msiexec; 0 is success. */
  readonly exitCode: number;
  /** Running time of the installer. */
  readonly seconds: number;
}

/** Signature of a compound file, MS-CFB 2.2. */
const SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
/** The header's size; ours is empty behind the signature. */
const HEADER = 512;

export function encodeMsiFile({ productCode, version, exitCode, seconds }: MsiFile): Buffer {
  const header = Buffer.alloc(HEADER);
  SIGNATURE.copy(header);
  return Buffer.concat([header, Buffer.from(JSON.stringify({ productCode, version, exitCode, seconds }), 'utf8')]);
}

/** @throws {MsiJobError} for any other file, a real MSI included */
export function decodeMsiFile(bytes: Buffer): MsiFile {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new MsiJobError('the file is no compound file');
  const { productCode, version, exitCode, seconds } = members(bytes.subarray(HEADER).toString('utf8'));
  if (typeof productCode !== 'string' || typeof version !== 'string' || typeof exitCode !== 'number' || typeof seconds !== 'number')
    throw new MsiJobError('the file does not say what it installs');
  return { productCode, version, exitCode, seconds };
}

function members(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch (error) {
    throw new MsiJobError('the file does not say what it installs', { cause: error });
  }
}
