import { Timeline } from '@greenscreen/device/context';
import { GatewayNetwork } from '@greenscreen/device/network';
import { importHardwareHash } from '@greenscreen/scenarios/administrator';
import { ControlClient } from '@greenscreen/scenarios/cloud';
import { AutopilotCsvError } from '@greenscreen/wire/autopilot-csv';
import { readFileSync } from 'node:fs';
import { addressOf } from '../cloud/addresses.js';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { CommandError } from '../problem.js';

export interface ImportOptions {
  readonly against: string;
  readonly control?: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly groupTag?: string;
  readonly user?: string;
}

/** The seeded tenant and its automation client, which the banner of `up` names. */
export const importDefaults = {
  against: 'https://127.0.0.1:8443',
  tenant: 'contosolab.onmicrosoft.com',
  clientId: '11111111-2222-3333-4444-555555555555',
  clientSecret: 'lab-secret',
} as const;

/** Imports a CSV file of hardware hashes into a running cloud, as an administrator's script does, and says what became of each device. */
export async function importCsv(file: string, options: ImportOptions, out: Console): Promise<number> {
  const { gateway, control } = addressOf(options.against, options.control);
  const csv = readFileSync(file);
  const client = new ControlClient(control);
  const roots = await client.roots().finally(() => client.close());
  const network = new GatewayNetwork({ gateway, roots, timeline: new Timeline(() => new Date()) });
  const { tenant: tenantId, clientId, clientSecret, groupTag, user } = options;
  try {
    const { imported, failed } = await importHardwareHash((request) => network.http(request), {
      tenantId,
      clientId,
      clientSecret,
      csv,
      ...(groupTag === undefined ? {} : { groupTag }),
      ...(user === undefined ? {} : { user }),
    });
    for (const { serialNumber, ztdId } of imported) out.line(`${serialNumber}  ${ztdId}`);
    for (const { serialNumber, errorCode, errorName } of failed) out.progress(`${serialNumber}: ${errorCode} ${errorName}`);
    out.progress(`${imported.length} devices imported, ${failed.length} refused`);
    return failed.length === 0 ? exitCodes.ok : exitCodes.unexpected;
  } catch (error) {
    if (error instanceof AutopilotCsvError) throw new CommandError(`${file}: ${error.message}`, { cause: error });
    throw error;
  } finally {
    await network.close();
  }
}
