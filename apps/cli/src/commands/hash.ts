import { generateKeyPair } from '@greenscreen/crypto/keys';
import { encodeAutopilotCsv } from '@greenscreen/wire/autopilot-csv';
import {
  decodeHardwareHash,
  describeHardwareHash,
  HardwareHashError,
  hardwareHashOf,
  oa3ToolOutput,
  tpmVersionText,
} from '@greenscreen/wire/hardware-hash';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { CommandError } from '../problem.js';
import { type Vendor, vendors } from './pc-vendors.js';

/** Prints what a hardware hash says, from a file or as it stands on the command line: for people, or as oa3tool's XML. */
export function decodeHash(source: string, { xml, lenient }: { xml?: boolean; lenient?: boolean }, out: Console): number {
  const text = existsSync(source) ? readFileSync(source, 'latin1') : source;
  try {
    const report = decodeHardwareHash(text.replace(/\0/g, ''), { requireChecksum: !lenient });
    out.line(xml ? oa3ToolOutput(report) : describeHardwareHash(report));
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof HardwareHashError)) throw error;
    out.progress(`${error.message}.${error.problem === 'checksum' ? ' --lenient reads it all the same.' : ''}`);
    return exitCodes.unexpected;
  }
}

export interface NewHashes {
  readonly vendor: Vendor;
  readonly count: number;
  readonly serial?: string;
  readonly groupTag?: string;
  readonly csv?: string;
}

/** Makes hashes of PCs that do not exist, each with an EK of its own: one a line, or as the CSV file that an import takes. */
export async function makeHashes({ vendor, count, serial, groupTag, csv }: NewHashes, out: Console): Promise<number> {
  if (serial !== undefined && count > 1) throw new CommandError('--serial: devices share no serial number; leave --count out');
  const { tpm, ...facts } = vendors[vendor];
  const rows = [];
  for (let made = 0; made < count; made++) {
    const serialNumber = serial ?? randomBytes(4).toString('hex').toUpperCase();
    const hardwareHash = hardwareHashOf({
      ...facts,
      serial: serialNumber,
      smbiosUuid: randomUUID(),
      macAddresses: [
        ['02-00-5E', ...randomBytes(3)]
          .map((part) => (typeof part === 'string' ? part : part.toString(16).padStart(2, '0').toUpperCase()))
          .join('-'),
      ],
      osBuild: '26100.2454',
      time: new Date(),
      ekPublic: (await generateKeyPair('rsa2048')).publicKey,
      tpmVersion: tpmVersionText(tpm, '7.85.4555.0'),
    });
    rows.push({ serialNumber, hardwareHash, groupTag: groupTag ?? '' });
  }
  if (csv === undefined) for (const { hardwareHash } of rows) out.line(hardwareHash);
  else {
    writeFileSync(csv, encodeAutopilotCsv(rows));
    out.line(`${csv}: ${rows.length} ${rows.length === 1 ? 'device' : 'devices'} of ${facts.manufacturer}`);
  }
  return exitCodes.ok;
}
