import { offlineProfile } from '@greenscreen/scenarios/administrator';
import { type AdministratorOptions, asAdministrator } from '../cloud/administrator.js';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';

/** Prints `AutopilotConfigurationFile.json` of a deployment profile: what a PC takes that nobody has registered. */
export async function printOfflineProfile(profile: string, options: AdministratorOptions, out: Console): Promise<number> {
  const file = await asAdministrator(options, (http, credentials) => offlineProfile(http, { ...credentials, profile }));
  out.line(JSON.stringify(file, null, 2));
  return exitCodes.ok;
}
