import { type MigrationInterface, type QueryRunner } from 'typeorm';

const EVERY_DEVICE = `'[{"target":"allDevices","groupId":null,"intent":"required"}]'`;

/** Profiles beside single settings; whom policies and apps are assigned to, every device as before; what a device was sent. */
export class Assignments1764374400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "intune_app" ADD "description" text NOT NULL DEFAULT '', ADD "publisher" text NOT NULL DEFAULT ''`);
    await runner.query(`ALTER TABLE "intune_app" ADD "assignments" jsonb NOT NULL DEFAULT ${EVERY_DEVICE}`);
    await runner.query('ALTER TABLE "intune_app" ADD "modified_at" TIMESTAMP WITH TIME ZONE');
    await runner.query('ALTER TABLE "intune_policy" ALTER "uri" DROP NOT NULL, ALTER "value" DROP NOT NULL, ADD "profile" jsonb');
    await runner.query(
      `ALTER TABLE "intune_policy" ADD "display_name" text NOT NULL DEFAULT '', ADD "description" text NOT NULL DEFAULT ''`,
    );
    await runner.query(`ALTER TABLE "intune_policy" ADD "version" integer NOT NULL DEFAULT '1'`);
    await runner.query(`ALTER TABLE "intune_policy" ADD "assignments" jsonb NOT NULL DEFAULT ${EVERY_DEVICE}`);
    await runner.query('ALTER TABLE "intune_policy" ADD "modified_at" TIMESTAMP WITH TIME ZONE');
    await runner.query('ALTER TABLE "dm_session" ADD "signed_in_id" uuid');
    await runner.query(`ALTER TABLE "dm_progress" ADD "packages" text array NOT NULL DEFAULT '{}'`);
    await runner.query(`ALTER TABLE "dm_progress" ADD "delivered" jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "dm_progress" DROP "delivered", DROP "packages"');
    await runner.query('ALTER TABLE "dm_session" DROP "signed_in_id"');
    await runner.query('DELETE FROM "intune_policy" WHERE "uri" IS NULL OR "value" IS NULL');
    await runner.query(
      `ALTER TABLE "intune_policy" DROP "modified_at", DROP "assignments", DROP "version", DROP "description", DROP "display_name",
        DROP "profile", ALTER "value" SET NOT NULL, ALTER "uri" SET NOT NULL`,
    );
    await runner.query('ALTER TABLE "intune_app" DROP "modified_at", DROP "assignments", DROP "publisher", DROP "description"');
  }
}
