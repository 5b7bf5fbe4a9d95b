import { readCloudSettings } from '@greenscreen/all/settings';
import { CommandError } from '../problem.js';

/** The database that a service shares with others; throws CommandError when none is named. */
export function databaseUrlFor(what: string): string {
  const url = readCloudSettings().databaseUrl ?? process.env.DATABASE_URL;
  if (!url) throw new CommandError(`"${what}" needs a database: set DATABASE_URL to postgres://user:password@host:port/database`);
  return url;
}
