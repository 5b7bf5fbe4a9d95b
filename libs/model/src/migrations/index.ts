import { type MixedList } from 'typeorm';

/** In the order in which they run. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type of a migration class
export const migrations: MixedList<Function> = [];
