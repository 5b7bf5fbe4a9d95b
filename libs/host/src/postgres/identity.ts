import { readFileSync } from 'node:fs';

/** A Unix user to run Postgres as. */
export interface UnixUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Postgres refuses to run as root. Then it runs as `postgres` where that user exists, else as `nobody`, who is always there (initdb needs
 * an entry in the password file, so a made-up id would not do). Undefined: stay who we are.
 */
export function postgresUser(): UnixUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const entry = entries.find(([name]) => name === 'postgres') ?? entries.find(([name]) => name === 'nobody');
  return { uid: Number(entry?.[2] ?? 65534), gid: Number(entry?.[3] ?? 65534) };
}
