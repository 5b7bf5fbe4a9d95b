import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Runs that the control API was asked for, and what happened in them. */
export class Runs1764460800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "scenario_run" ("run" text NOT NULL, "scenario" text NOT NULL, "title" text NOT NULL, "document" text, "alone" boolean NOT NULL, "tenant_id" uuid NOT NULL, "serial" text NOT NULL, "ordered_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "started_at" TIMESTAMP WITH TIME ZONE, "seen_at" TIMESTAMP WITH TIME ZONE, "abort_asked_at" TIMESTAMP WITH TIME ZONE, "ended_at" TIMESTAMP WITH TIME ZONE, "verdict" text, "problem" text, "screen" text, "hresult" text, "differences" jsonb NOT NULL DEFAULT '[]', CONSTRAINT "PK_ab7623453aa267cad2a75160675" PRIMARY KEY ("run"))`,
    );
    await runner.query('CREATE INDEX "scenario_run_open" ON "scenario_run" ("ordered_at") WHERE ended_at IS NULL');
    await runner.query('CREATE INDEX "IDX_72ebb59738a19e03f2eb23ea95" ON "scenario_run" ("ordered_at")');
    await runner.query(
      `CREATE TABLE "run_entry" ("run" text NOT NULL, "number" integer NOT NULL, "kind" text NOT NULL, "entry" text NOT NULL, CONSTRAINT "PK_ccf0e72682567a38f280300944e" PRIMARY KEY ("run", "number"))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "run_entry"');
    await runner.query('DROP TABLE "scenario_run"');
  }
}
