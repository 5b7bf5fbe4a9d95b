import { type IdSource, seedContosolab } from '@greenscreen/model/seed';
import { type DataSource } from 'typeorm';
import { resettableTables } from './tables.js';

/**
 * Back to a new installation with the same authorities: every record, fault, clock, run and journal entry goes, the seeded tenant comes back.
 * One transaction: whoever asks meanwhile sees the one state or the other.
 */
export async function resetInstallation(dataSource: DataSource, ids: IdSource, empty: boolean): Promise<void> {
  await dataSource.transaction(async (em) => {
    await em.query(`TRUNCATE ${resettableTables(dataSource).join(', ')} RESTART IDENTITY`);
    await em.query('TRUNCATE journal_entry');
    if (!empty) await seedContosolab(em, ids);
  });
}
