import { importHardwareHash } from '@greenscreen/scenarios/administrator';
import { AutopilotCsvError } from '@greenscreen/wire/autopilot-csv';
import { readFileSync } from 'node:fs';
import { type AdministratorOptions, asAdministrator } from '../cloud/administrator.js';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { CommandError } from '../problem.js';

export interface ImportOptions extends AdministratorOptions {
  readonly groupTag?: string;
  readonly user?: string;
}

/** Imports a CSV file of hardware hashes into a running cloud, as an administrator's script does, and says what became of each device. */
export async function importCsv(file: string, { groupTag, user, ...options }: ImportOptions, out: Console): Promise<number> {
  const csv = readFileSync(file);
  const wish = { csv, ...(groupTag === undefined ? {} : { groupTag }), ...(user === undefined ? {} : { user }) };
  try {
    const { imported, failed } = await asAdministrator(options, (http, credentials) =>
      importHardwareHash(http, { ...credentials, ...wish }),
    );
    for (const { serialNumber, ztdId } of imported) out.line(`${serialNumber}  ${ztdId}`);
    for (const { serialNumber, errorCode, errorName } of failed) out.progress(`${serialNumber}: ${errorCode} ${errorName}`);
    out.progress(`${imported.length} devices imported, ${failed.length} refused`);
    return failed.length === 0 ? exitCodes.ok : exitCodes.unexpected;
  } catch (error) {
    if (error instanceof AutopilotCsvError) throw new CommandError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
