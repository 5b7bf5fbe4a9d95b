import envPaths from 'env-paths';
import { type Logger } from '@greenscreen/host/logging';
import { startEmbeddedPostgres } from '@greenscreen/host/postgres';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Database {
  readonly url: string;
  /** For the banner: where the data is. */
  readonly where: string;
  stop(): Promise<void>;
}

export interface DatabaseChoice {
  /** An existing Postgres; an embedded one is started without it. */
  readonly url?: string;
  readonly dataDir?: string;
  /** Throw everything away at the end. */
  readonly ephemeral: boolean;
  readonly logger: Logger;
}

/** Data directory of this user: `GREENSCREEN_DATA_DIR`, or the place where the system keeps programs' data. Root's is one that Postgres' own user can reach. */
export function defaultDataDir(): string {
  return process.getuid?.() === 0 ? '/var/lib/greenscreen' : envPaths('greenscreen', { suffix: '' }).data;
}

export async function openDatabase({ url, dataDir, ephemeral, logger }: DatabaseChoice): Promise<Database> {
  if (url) return { url, where: new URL(url).host + new URL(url).pathname, stop: async () => undefined };
  const base = ephemeral
    ? mkdtempSync(join(process.platform === 'win32' ? tmpdir() : '/var/tmp', 'greenscreen-'))
    : (dataDir ?? defaultDataDir());
  const postgres = await startEmbeddedPostgres({
    directory: join(base, 'postgres'),
    durable: !ephemeral,
    onProgress: (step) => logger.info(step),
  });
  return {
    url: postgres.url,
    where: base,
    stop: async () => {
      await postgres.stop();
      if (ephemeral) rmSync(base, { recursive: true, force: true });
    },
  };
}
