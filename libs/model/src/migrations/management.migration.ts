import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What an enrollment token is for; large objects of OMA-DM. */
export class Management1764288000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "mdm_enrollment_token" ADD "purpose" text NOT NULL DEFAULT 'enrollment'`);
    await runner.query(`ALTER TABLE "dm_command" ADD "data_taken" integer NOT NULL DEFAULT '0'`);
    await runner.query('ALTER TABLE "dm_command" ADD "piece_end" integer');
    await runner.query('ALTER TABLE "dm_session" ADD "partial" jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "dm_session" DROP "partial"');
    await runner.query('ALTER TABLE "dm_command" DROP "piece_end", DROP "data_taken"');
    await runner.query('ALTER TABLE "mdm_enrollment_token" DROP "purpose"');
  }
}
