import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Hosts of Fleet servers, and the DM id by which their devices are found. */
export class Fleet1764072000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE "fleet_host" ("tenant_id" uuid NOT NULL, "hardware_uuid" text NOT NULL, "node_key_hash" text NOT NULL, "hardware_serial" text NOT NULL, "hostname" text NOT NULL, "platform" text NOT NULL, "computer_name" text NOT NULL, "hardware_model" text NOT NULL, "enrolled_at" TIMESTAMP WITH TIME ZONE NOT NULL, "enrollment_id" uuid, CONSTRAINT "PK_697d2baf25e3897303fb975af0a" PRIMARY KEY ("tenant_id", "hardware_uuid"))',
    );
    await runner.query('CREATE UNIQUE INDEX "IDX_b266780702e6b5e8f261fdcf4e" ON "fleet_host"  ("node_key_hash") ');
    await runner.query('CREATE INDEX "IDX_1ca4fcfdf568192bb2b476a0cb" ON "mdm_enrollment"  ("dm_device_id") ');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "IDX_1ca4fcfdf568192bb2b476a0cb"');
    await runner.query('DROP TABLE "fleet_host"');
  }
}
