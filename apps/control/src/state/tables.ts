import { AuthorityRecord, InstallationSecret, JournalEntry } from '@greenscreen/model/installation';
import { type DataSource } from 'typeorm';

/** Made once per installation and cached by every process: they outlive reset and snapshots (06, D-A74 and D-B68). */
const installation: readonly unknown[] = [AuthorityRecord, InstallationSecret];

/** Tables that a reset empties, quoted. */
export const resettableTables = (dataSource: DataSource): string[] => tablesWithout(dataSource, installation);

/** Tables that make up a snapshot, quoted: all but what is the installation's, and the journal, which tells what happened and is not undone. */
export const snapshotTables = (dataSource: DataSource): string[] => tablesWithout(dataSource, [...installation, JournalEntry]);

/** Tables that make up a lab file, quoted: all but the journal. */
export const exportedTables = (dataSource: DataSource): string[] => tablesWithout(dataSource, [JournalEntry]);

const tablesWithout = ({ entityMetadatas }: DataSource, left: readonly unknown[]): string[] =>
  entityMetadatas.filter(({ target }) => !left.includes(target)).map(({ tableName }) => quote(tableName));

/** A Postgres identifier. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
