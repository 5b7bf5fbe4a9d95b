import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** PowerShell scripts. */
export class Scripts1764720000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "intune_script" ("id" uuid NOT NULL, "tenant_id" uuid NOT NULL, "display_name" text NOT NULL, "description" text NOT NULL DEFAULT '', "file_name" text NOT NULL DEFAULT '', "content" bytea NOT NULL, "run_as_account" text NOT NULL DEFAULT 'system', "enforce_signature_check" boolean NOT NULL DEFAULT false, "run_as32_bit" boolean NOT NULL DEFAULT false, "version" integer NOT NULL DEFAULT '1', "assignments" jsonb NOT NULL DEFAULT '[]', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL, "modified_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_eda7e3e27e773a3a998a536d25c" PRIMARY KEY ("id"))`,
    );
    await runner.query('CREATE INDEX "IDX_0f200b11b8fc39b3d32662daac" ON "intune_script"  ("tenant_id", "created_at") ');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "intune_script"');
  }
}
