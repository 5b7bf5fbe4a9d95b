import { rmSync } from 'node:fs';

export default async function globalTeardown() {
  const postgres = globalThis.greenscreenPostgres;
  if (!postgres) return;
  await postgres.stop();
  rmSync(postgres.directory, { recursive: true, force: true });
}
