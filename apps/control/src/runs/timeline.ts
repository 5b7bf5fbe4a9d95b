import { JournalEntry } from '@greenscreen/model/installation';
import { Between, type DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';

/** An exchange of a run as the journal has it, or what its runner saw the device reach. */
export type TimelineStep =
  | { readonly kind: 'checkpoint'; readonly at: Date; readonly checkpoint: string }
  | ({ readonly kind: 'exchange'; readonly fault: string | null } & Pick<
      JournalEntry,
      'id' | 'at' | 'service' | 'operation' | 'method' | 'host' | 'path' | 'status' | 'milliseconds' | 'refusal' | 'refusedBy'
    >);

/** What happened in a run, in the order in which the journal saw it; empty for a run that it does not know. */
export async function timelineOf({ manager }: DataSource, run: string): Promise<TimelineStep[]> {
  const entries = await manager.find(JournalEntry, { where: { run }, order: { id: 'ASC' }, select: columns });
  const steps = entries.map((entry): Numbered => ({ id: BigInt(entry.id), step: exchange(entry) }));
  return [...steps, ...(await checkpoints(manager, entries))].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ step }) => step);
}

interface Numbered {
  readonly id: bigint;
  readonly step: TimelineStep;
}

const columns = {
  id: true,
  at: true,
  tenantId: true,
  service: true,
  operation: true,
  method: true,
  host: true,
  path: true,
  status: true,
  milliseconds: true,
  refusal: true,
  refusedBy: true,
  faultRule: true,
} as const;

const exchange = (entry: JournalEntry): TimelineStep => {
  const { id, at, service, operation, method, host, path, status, milliseconds, refusal, refusedBy, faultRule } = entry;
  return { kind: 'exchange', id, at, service, operation, method, host, path, status, milliseconds, refusal, refusedBy, fault: faultRule };
};

const annotation = z.object({ tenant: z.string(), checkpoint: z.string() });

/** The runner's annotations have no run, but the tenant that the run has to itself. */
async function checkpoints(manager: EntityManager, entries: readonly JournalEntry[]): Promise<Numbered[]> {
  const tenants = new Set(entries.map(({ tenantId }) => tenantId));
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) return [];
  const said = await manager.find(JournalEntry, {
    where: { service: 'control', operation: 'Annotate', at: Between(first.at, new Date(last.at.getTime() + AFTERWARDS_MS)) },
    select: { id: true, at: true, requestBody: true },
  });
  return said.flatMap(({ id, at, requestBody }) => {
    const { success, data } = annotation.safeParse(JSON.parse(requestBody.toString('utf8')));
    return success && tenants.has(data.tenant) ? [{ id: BigInt(id), step: { kind: 'checkpoint', at, checkpoint: data.checkpoint } }] : [];
  });
}

/** The last checkpoint comes after the last exchange. */
const AFTERWARDS_MS = 10_000;
