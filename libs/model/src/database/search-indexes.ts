import { type QueryRunner } from 'typeorm';

/**
 * Indexes that decorators cannot say: over lower-case text, since Graph compares without regard to case, over parts of it, and over the
 * members of a list. Without `fastupdate` a batch of imports does not leave a heap of entries that every search has to walk. Entities name each of them with `synchronize: false`, so that a comparison with the entities leaves them alone.
 */
const indexes: Readonly<Record<string, string>> = {
  entra_device_physical_ids: 'entra_device USING gin (physical_ids) WITH (fastupdate = off)',
  entra_device_display_name_lower: 'entra_device (tenant_id, lower(display_name))',
  autopilot_device_serial_lower: 'autopilot_device (tenant_id, lower(serial_number))',
  autopilot_device_serial_parts: 'autopilot_device USING gin (lower(serial_number) gin_trgm_ops) WITH (fastupdate = off)',
  autopilot_device_group_tag_lower: 'autopilot_device (tenant_id, lower(group_tag))',
  imported_identity_serial_lower: 'imported_identity (tenant_id, lower(serial_number))',
  managed_device_serial_lower: 'managed_device (tenant_id, lower(serial_number))',
  managed_device_serial_parts: 'managed_device USING gin (lower(serial_number) gin_trgm_ops) WITH (fastupdate = off)',
};

/** Makes what is missing of them. `pg_trgm` comes with Postgres, and the owner of a database may switch it on. */
export async function createSearchIndexes(runner: QueryRunner): Promise<void> {
  await runner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
  for (const [name, definition] of Object.entries(indexes)) await runner.query(`CREATE INDEX IF NOT EXISTS ${name} ON ${definition}`);
}
