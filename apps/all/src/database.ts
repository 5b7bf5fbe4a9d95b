import { type Logger } from '@greenscreen/host/logging';
import { startEmbeddedPostgres } from '@greenscreen/host/postgres';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultDataDir } from './settings.js';

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
  /** Told what is going on when it takes a moment. */
  readonly onProgress?: (step: string) => void;
}

/** In the place for larger files that may go at any time; Postgres' own user has to be able to enter it. */
function temporaryDir(): string {
  const base = mkdtempSync(join(process.platform === 'win32' ? tmpdir() : '/var/tmp', 'greenscreen-'));
  chmodSync(base, 0o755);
  return base;
}

/** The given Postgres, or an embedded one; throws EmbeddedPostgresError when that cannot be. */
export async function openDatabase({ url, dataDir, ephemeral, logger, onProgress }: DatabaseChoice): Promise<Database> {
  if (url) return { url, where: new URL(url).host + new URL(url).pathname, stop: async () => undefined };
  const base = ephemeral ? temporaryDir() : (dataDir ?? defaultDataDir());
  const discard = (): void => {
    if (ephemeral) rmSync(base, { recursive: true, force: true });
  };
  onProgress?.('starting PostgreSQL');
  try {
    const postgres = await startEmbeddedPostgres({
      directory: join(base, 'postgres'),
      durable: !ephemeral,
      onProgress: onProgress ?? ((step) => logger.info(step)),
    });
    return { url: postgres.url, where: base, stop: () => postgres.stop().finally(discard) };
  } catch (error) {
    discard();
    throw error;
  }
}
