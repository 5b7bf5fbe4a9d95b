import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Compliance policies; what clients of Graph say of apps. */
export class Compliance1764633600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "intune_app" ADD "metadata" jsonb NOT NULL DEFAULT '{}'`);
    await runner.query(
      `CREATE TABLE "intune_compliance_policy" ("id" uuid NOT NULL, "tenant_id" uuid NOT NULL, "display_name" text NOT NULL, "description" text NOT NULL DEFAULT '', "version" integer NOT NULL DEFAULT '1', "settings" jsonb NOT NULL DEFAULT '{}', "assignments" jsonb NOT NULL DEFAULT '[]', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL, "modified_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_ab22e6779cf4b8a6e3416eb8ca3" PRIMARY KEY ("id"))`,
    );
    await runner.query('CREATE INDEX "IDX_7ee58f497b6294cdd3a4b967da" ON "intune_compliance_policy"  ("tenant_id", "created_at") ');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "intune_compliance_policy"');
    await runner.query('ALTER TABLE "intune_app" DROP "metadata"');
  }
}
