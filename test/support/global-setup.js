import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

/** One Postgres for the whole run: the given one, or an embedded one that goes with the run. Plain JavaScript: it runs before any transform. */
export default async function globalSetup() {
  if (process.env.DATABASE_URL) return;
  const { startEmbeddedPostgres } = await import('../../libs/host/dist/postgres/index.js');
  const base = process.platform === 'win32' ? tmpdir() : '/var/tmp';
  globalThis.greenscreenPostgres = await startEmbeddedPostgres({ directory: mkdtempSync(join(base, 'greenscreen-test-')), durable: false });
  process.env.DATABASE_URL = globalThis.greenscreenPostgres.url;
}
