import { type ChildProcess, spawn, type SpawnOptionsWithStdioTuple } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { reachableByAll, usableBinaries } from './binaries.js';
import { EmbeddedPostgresError } from './error.js';
import { postgresUser, type UnixUser } from './identity.js';

export interface EmbeddedOptions {
  /** Directory of the cluster; made when it does not exist. */
  readonly directory: string;
  /** Keep data safe at the price of speed; off for throw-away clusters. */
  readonly durable: boolean;
  /** Told what is going on when it takes a moment. */
  readonly onProgress?: (step: string) => void;
}

export interface EmbeddedPostgres {
  /** `postgres://…/greenscreen` */
  readonly url: string;
  readonly directory: string;
  stop(): Promise<void>;
}

const USER = 'greenscreen';
const DATABASE = 'greenscreen';
const READY = 'ready to accept connections';

/** Bytes: a new cluster with the records of a few runs, and what one that exists needs to write at all. */
const NEW_CLUSTER = 96 * 1024 * 1024;
const ROOM_TO_WORK = 16 * 1024 * 1024;

/** Starts PostgreSQL 17 from the npm binaries on a free loopback port; makes the cluster first when there is none. */
export async function startEmbeddedPostgres({ directory, durable, onProgress }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const user = postgresUser();
  const native = usableBinaries(user !== undefined);
  const data = join(directory, 'data');
  const passwordFile = join(directory, 'password');
  makeDirectory(directory, user);
  const fresh = !existsSync(join(data, 'PG_VERSION')) || !existsSync(passwordFile);
  requireSpace(data, directory, fresh ? NEW_CLUSTER : ROOM_TO_WORK);
  if (fresh) {
    onProgress?.('creating a database cluster');
    await initialise(native, directory, data, passwordFile, user);
  }
  const password = readFileSync(passwordFile, 'utf8').trim();
  const port = await freePort();
  const sockets = socketDirectory(directory, port);
  const child = await launch(native, directory, data, port, sockets, durable, user);
  return {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}${sockets === undefined ? '' : `?host=${encodeURIComponent(sockets)}`}`,
    directory,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGINT');
      }),
  };
}

/** The longest path of a UNIX socket that every system takes. */
const SOCKET_PATH = 103;

/** Where PostgreSQL may put its UNIX socket, which takes half the time of a loopback connection; undefined where there can be none. */
function socketDirectory(directory: string, port: number): string | undefined {
  const path = join(directory, `.s.PGSQL.${port}`);
  return process.platform === 'win32' || Buffer.byteLength(path) > SOCKET_PATH || /[,"]/.test(path) ? undefined : directory;
}

function makeDirectory(directory: string, user: UnixUser | undefined): void {
  try {
    makeWithParents(directory);
    if (user) {
      chmodSync(directory, 0o755);
      chownSync(directory, user.uid, user.gid);
    }
  } catch (error) {
    throw unusable(directory, error);
  }
  if (user && !reachableByAll(dirname(directory)))
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root, and ${directory} lies in a folder that only root may enter: set GREENSCREEN_DATA_DIR to another one`,
    );
}

/** A disk that fills up in the middle breaks whatever is running; better not to begin. */
function requireSpace(data: string, directory: string, needed: number): void {
  const { bavail, bsize } = statfsSync(directory);
  if (bavail * bsize < needed) throw new EmbeddedPostgresError(noSpace(data));
}

const noSpace = (data: string): string => `There is no space left for ${data}: free some, or set GREENSCREEN_DATA_DIR to another disk`;

/** Not by Node's `recursive`, which never ends where the system claims that a parent is missing but lets nobody make it (/proc). */
function makeWithParents(directory: string): void {
  if (existsSync(directory)) return;
  if (dirname(directory) !== directory) makeWithParents(dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o755 });
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
}

/** A directory that cannot be written to, and what to do about it. */
function unusable(directory: string, error: unknown): EmbeddedPostgresError {
  const why = reason(error);
  const remedy = /ENOSPC/.test(why)
    ? 'free some space, or set GREENSCREEN_DATA_DIR to another disk'
    : 'set GREENSCREEN_DATA_DIR to a folder that you may write';
  return new EmbeddedPostgresError(`The directory ${directory} cannot be used (${why}): ${remedy}`, { cause: error });
}

/** The password file gets its name last: without it the cluster counts as half-made and is made anew. */
async function initialise(
  native: string,
  directory: string,
  data: string,
  passwordFile: string,
  user: UnixUser | undefined,
): Promise<void> {
  const fresh = `${passwordFile}.new`;
  try {
    rmSync(data, { recursive: true, force: true });
    writeFileSync(fresh, randomBytes(18).toString('base64url'), { mode: 0o600 });
    if (user) chownSync(fresh, user.uid, user.gid);
  } catch (error) {
    throw unusable(directory, error);
  }
  try {
    const authentication = ['--auth=scram-sha-256', `--pwfile=${fresh}`];
    const options = ['-D', data, '-U', USER, '-E', 'UTF8', '--locale=C', ...authentication, '--no-sync', '--no-instructions'];
    await run(join(native, 'bin', 'initdb'), options, directory, user);
    await createDatabase(native, directory, data, user);
    renameSync(fresh, passwordFile);
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** In single-user mode: no server has to be up, and no client to be installed. */
async function createDatabase(native: string, directory: string, data: string, user: UnixUser | undefined): Promise<void> {
  await run(join(native, 'bin', 'postgres'), ['--single', '-D', data, 'postgres'], directory, user, `CREATE DATABASE ${DATABASE};\n`);
}

function run(program: string, options: string[], cwd: string, user: UnixUser | undefined, input?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, options, {
      cwd,
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH },
      stdio: ['pipe', 'ignore', 'pipe'],
      ...user,
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('error', (error) =>
      reject(new EmbeddedPostgresError(`${program} could not be started: ${error.message}`, { cause: error })),
    );
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new EmbeddedPostgresError(explain(said, directoryOf(options))))));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}

const directoryOf = (options: string[]): string => options[options.indexOf('-D') + 1] ?? '';

/** The line of Postgres' own output that says what went wrong, in front of what to do about it. */
function explain(said: string, data: string): string {
  const line =
    said
      .split('\n')
      .find((candidate) => /error|fatal|panic|could not/i.test(candidate))
      ?.trim() ?? said.trim();
  if (/No space left on device/i.test(said)) return noSpace(data);
  if (/lock file .* already exists|is being used/i.test(said))
    return `Another Greenscreen uses ${data}: stop it, or set GREENSCREEN_DATA_DIR to another folder`;
  return `PostgreSQL could not start: ${line || 'it ended without a message'}`;
}

async function launch(
  native: string,
  cwd: string,
  data: string,
  port: number,
  sockets: string | undefined,
  durable: boolean,
  user: UnixUser | undefined,
): Promise<ChildProcess> {
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${sockets ?? ''}`,
    'max_connections=200',
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off']),
    'synchronous_commit=off',
    'shared_buffers=64MB',
  ];
  const postgres = join(native, 'bin', 'postgres');
  const options = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const env = { LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH };
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  // In a process group of its own: Ctrl-C is for us, and Postgres has to outlive the services that we then stop.
  const common: SpawnOptionsWithStdioTuple<'ignore', 'ignore', 'pipe'> = { cwd, env, stdio: ['ignore', 'ignore', 'pipe'], detached: true };
  // Where we can, let the kernel end Postgres when we are killed: nothing is left behind to hold the data directory.
  const child = setpriv
    ? spawn(
        setpriv,
        ['--pdeathsig=INT', ...(user ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : []), postgres, ...options],
        common,
      )
    : spawn(postgres, options, { ...common, ...user });
  const { stderr } = child;
  await new Promise<void>((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      if (!said.includes(READY)) return;
      stderr.off('data', listen);
      stderr.resume();
      resolve();
    };
    stderr.on('data', listen);
    child.once('error', (error) =>
      reject(new EmbeddedPostgresError(`PostgreSQL could not be started: ${error.message}`, { cause: error })),
    );
    child.once('exit', () => reject(new EmbeddedPostgresError(explain(said, data))));
  });
  child.removeAllListeners('exit');
  return child;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new EmbeddedPostgresError('No free port')),
      );
    });
  });
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
