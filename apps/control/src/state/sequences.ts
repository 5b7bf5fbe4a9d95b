import { JournalEntry } from '@greenscreen/model/installation';
import { type DataSource, type EntityManager } from 'typeorm';
import { quote } from './tables.js';

/** Ids that the database gives out go on behind the restored ones. Those of the journal, which is not restored, go on as they were. */
export async function advanceSequences({ entityMetadatas }: DataSource, em: EntityManager): Promise<void> {
  for (const { tableName, columns } of entityMetadatas.filter(({ target }) => target !== JournalEntry)) {
    for (const { databaseName, isGenerated, generationStrategy } of columns) {
      if (!isGenerated || generationStrategy !== 'increment') continue;
      await em.query(
        `SELECT setval(pg_get_serial_sequence($1, $2), greatest((SELECT max(${quote(databaseName)}) FROM ${quote(tableName)}), 0) + 1, false)`,
        [quote(tableName), databaseName],
      );
    }
  }
}
