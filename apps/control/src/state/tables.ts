import { AuthorityRecord, InstallationSecret, JournalEntry } from '@greenscreen/model/installation';
import { RunEntry, ScenarioRun } from '@greenscreen/model/runs';
import { type DataSource } from 'typeorm';

/** Made once per installation and cached by every process: they outlive reset and snapshots (06, D-A74 and D-B68). */
const installation: readonly unknown[] = [AuthorityRecord, InstallationSecret];

/** What happened, which is not undone, and no state of the lab: the journal, and runs with what happened in them. */
const chronicle: readonly unknown[] = [JournalEntry, ScenarioRun, RunEntry];

/** Tables that a reset empties and begins to number anew, quoted. It empties the journal too, whose ids go on: they say in which partition an entry belongs. */
export const resettableTables = (dataSource: DataSource): string[] => tablesWithout(dataSource, [...installation, JournalEntry]);

/** Tables that make up a snapshot, quoted: all but what is the installation's, and what happened. */
export const snapshotTables = (dataSource: DataSource): string[] => tablesWithout(dataSource, [...installation, ...chronicle]);

/** Tables that make up a lab file, quoted: all but what happened. */
export const exportedTables = (dataSource: DataSource): string[] => tablesWithout(dataSource, chronicle);

const tablesWithout = ({ entityMetadatas }: DataSource, left: readonly unknown[]): string[] =>
  entityMetadatas.filter(({ target }) => !left.includes(target)).map(({ tableName }) => quote(tableName));

/** A Postgres identifier. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
