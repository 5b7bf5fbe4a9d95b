import { JournalEntry } from '@greenscreen/model/installation';
import { type DataSource } from 'typeorm';

/** One kind of exchange of a run, by the number of its turn, from 1. */
export interface Hop {
  readonly step: number;
  readonly service: string;
  readonly operation: string;
}

/** The hops of a run that the journal has, each once, in the order in which the run came to them. */
export async function hopsOf({ manager }: DataSource, run: string): Promise<Hop[]> {
  const rows = await manager.find(JournalEntry, {
    where: { run },
    order: { id: 'ASC' },
    select: { id: true, service: true, operation: true },
  });
  const seen = new Map(rows.filter(({ operation }) => operation !== 'Unknown').map((row) => [`${row.service} ${row.operation}`, row]));
  return [...seen.values()].map(({ service, operation }, index) => ({ step: index + 1, service, operation }));
}
