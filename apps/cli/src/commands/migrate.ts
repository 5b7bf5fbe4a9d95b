import { migrateDatabase } from '@greenscreen/all/schema';
import { readCloudSettings } from '@greenscreen/all/settings';
import { databaseUrlFor } from '../cloud/database-url.js';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';

/** Brings the schema of the given database up to date, and seeds it. */
export async function migrateCommand(out: Console): Promise<number> {
  await migrateDatabase(databaseUrlFor('migrate'), { seed: !readCloudSettings().empty });
  out.line('The schema is up to date.');
  return exitCodes.ok;
}
