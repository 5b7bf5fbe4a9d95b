import { type MigrationInterface, type QueryRunner } from 'typeorm';

const TABLE = 'journal_entry';
/** What the entity's indexes are called, and what those of the table that becomes a partition are called from then on. */
const names = {
  primaryKey: ['PK_69167f660c807d2aa178f0bd7e6', 'journal_entry_before_pkey'],
  run: ['IDX_0d37d7b330882b9f04818c4007', 'journal_entry_before_run_idx'],
  tenant: ['IDX_2acaf0a1f78eb427cfb3306278', 'journal_entry_before_tenant_id_idx'],
} as const;

/**
 * The journal by ranges of ids, so that the oldest go by the thousand, with their table. What was written before stays where it is: its table
 * becomes the first partition, and no row is copied. Further partitions are made by whoever writes.
 */
export class JournalPartitions1764547200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [was, now] of Object.values(names)) await runner.query(`ALTER INDEX "${was}" RENAME TO "${now}"`);
    await runner.query(`ALTER TABLE ${TABLE} RENAME TO journal_entry_before`);
    await runner.query(`CREATE TABLE ${TABLE} (LIKE journal_entry_before INCLUDING DEFAULTS) PARTITION BY RANGE (id)`);
    await runner.query(`ALTER TABLE ${TABLE} ADD CONSTRAINT "${names.primaryKey[0]}" PRIMARY KEY (id)`);
    await runner.query(`CREATE INDEX "${names.run[0]}" ON ${TABLE} (run)`);
    await runner.query(`CREATE INDEX "${names.tenant[0]}" ON ${TABLE} (tenant_id, id)`);
    await runner.query(`ALTER SEQUENCE journal_entry_id_seq OWNED BY ${TABLE}.id`);
    const [last] = (await runner.query('SELECT max(id) AS id FROM journal_entry_before')) as { id: string | null }[];
    if (last?.id == null) await runner.query('DROP TABLE journal_entry_before');
    else await runner.query(`ALTER TABLE ${TABLE} ATTACH PARTITION journal_entry_before FOR VALUES FROM (1) TO (${BigInt(last.id) + 1n})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ${TABLE} RENAME TO journal_entry_parts`);
    for (const [was] of Object.values(names)) await runner.query(`ALTER INDEX "${was}" RENAME TO "${was}_parts"`);
    await runner.query(`CREATE TABLE ${TABLE} (LIKE journal_entry_parts INCLUDING DEFAULTS)`);
    await runner.query(`ALTER SEQUENCE journal_entry_id_seq OWNED BY ${TABLE}.id`);
    await runner.query(`INSERT INTO ${TABLE} SELECT * FROM journal_entry_parts`);
    await runner.query('DROP TABLE journal_entry_parts');
    await runner.query(`ALTER TABLE ${TABLE} ADD CONSTRAINT "${names.primaryKey[0]}" PRIMARY KEY (id)`);
    await runner.query(`CREATE INDEX "${names.run[0]}" ON ${TABLE} (run)`);
    await runner.query(`CREATE INDEX "${names.tenant[0]}" ON ${TABLE} (tenant_id, id)`);
  }
}
