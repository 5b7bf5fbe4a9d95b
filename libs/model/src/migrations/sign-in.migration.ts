import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Certificates of app registrations; what a refresh token was first for; the second factor of a sign-in page. */
export class SignIn1764201600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "application" ADD "certificates" text array NOT NULL DEFAULT '{}'`);
    await runner.query('ALTER TABLE "refresh_token" ADD "scope" text');
    await runner.query(
      'ALTER TABLE "sign_in_flow" ADD "user_id" uuid, ADD "factor_code" text, ADD "factor_tries" integer NOT NULL DEFAULT 0, ADD "factor_passed_at" TIMESTAMP WITH TIME ZONE, ADD "cxhflow" text',
    );
    await runner.query('CREATE INDEX "IDX_3a93c98a4b25493281f7188ef3" ON "sign_in_flow"  ("user_id") ');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE "sign_in_flow" DROP COLUMN "user_id", DROP COLUMN "factor_code", DROP COLUMN "factor_tries", DROP COLUMN "factor_passed_at", DROP COLUMN "cxhflow"',
    );
    await runner.query('ALTER TABLE "refresh_token" DROP COLUMN "scope"');
    await runner.query('ALTER TABLE "application" DROP COLUMN "certificates"');
  }
}
