import { type MixedList } from 'typeorm';
import { Assignments1764374400000 } from './assignments.migration.js';
import { Compliance1764633600000 } from './compliance.migration.js';
import { Fleet1764072000000 } from './fleet.migration.js';
import { Initial1764028800000 } from './initial.migration.js';
import { JournalPartitions1764547200000 } from './journal-partitions.migration.js';
import { Management1764288000000 } from './management.migration.js';
import { Runs1764460800000 } from './runs.migration.js';
import { Scripts1764720000000 } from './scripts.migration.js';
import { SignIn1764201600000 } from './sign-in.migration.js';

/** In the order in which they run. A changed entity needs a further one here; `test/model/migrations.spec.ts` says so. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type of a migration class
export const migrations: MixedList<Function> = [
  Initial1764028800000,
  Fleet1764072000000,
  SignIn1764201600000,
  Management1764288000000,
  Assignments1764374400000,
  Runs1764460800000,
  JournalPartitions1764547200000,
  Compliance1764633600000,
  Scripts1764720000000,
];
