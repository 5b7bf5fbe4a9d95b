import { type Check, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { applyAssignments, AutopilotSettings } from '@greenscreen/model/autopilot';
import { graphDate } from '@greenscreen/wire/graph';
import { type EntityManager } from 'typeorm';
import { graphEmpty } from '../graph-reply.js';
import { entityReply } from '../odata/entity-reply.js';
import { type GraphRequest } from '../request/graph-request.js';

/** Seconds between two synchronisations (reference 01, 3.4; switch `graph.syncMinIntervalSec`). */
const MIN_INTERVAL = 600;

interface Synchronization {
  readonly request: GraphRequest;
  readonly last: AutopilotSettings | null;
}

function noneIsRunning({ request, last }: Synchronization): void {
  if (request.switch('syncConflict', false) || isRunning(request, last)) throw new Fault('graph.Conflict');
}

function lastIsLongAgo({ request, last }: Synchronization): void {
  const seconds = request.switch('syncMinIntervalSec', MIN_INTERVAL);
  const elapsed = last?.triggeredAt ? (request.now.getTime() - last.triggeredAt.getTime()) / 1000 : Infinity;
  if (elapsed < seconds) throw new Fault('graph.SyncTooSoon', { seconds, retryAfter: Math.ceil(seconds - elapsed) });
}

const checks: readonly Check<Synchronization>[] = [noneIsRunning, lastIsLongAgo];

const isRunning = ({ now }: GraphRequest, last: AutopilotSettings | null): boolean => !!last?.completesAt && last.completesAt > now;

/** Brings profiles and registrations together; running for `graph.syncDurationMs`. */
export async function synchronize(request: GraphRequest): Promise<Reply> {
  const { graph, tenant, now } = request;
  await graph.transaction(async (em) => {
    await runChecks({ request, last: await lock(em, tenant.id) }, checks);
    const completesAt = new Date(now.getTime() + request.switch('syncDurationMs', 0));
    await em.update(AutopilotSettings, { tenantId: tenant.id }, { triggeredAt: now, completesAt });
    await applyAssignments(em, tenant.id, now);
  });
  return graphEmpty();
}

/** The tenant's row, made when it is the first time, and held. */
async function lock(em: EntityManager, tenantId: string): Promise<AutopilotSettings> {
  await em.createQueryBuilder().insert().into(AutopilotSettings).values({ tenantId }).orIgnore().execute();
  return em.findOneOrFail(AutopilotSettings, { where: { tenantId }, lock: { mode: 'pessimistic_write' } });
}

export async function getSettings(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  const last = await graph.em.findOneBy(AutopilotSettings, { tenantId: tenant.id });
  const running = isRunning(request, last);
  return entityReply(request, 'deviceManagement/windowsAutopilotSettings/$entity', {
    id: tenant.id,
    lastSyncDateTime: graphDate(running ? null : (last?.completesAt ?? null)),
    lastManualSyncTriggerDateTime: graphDate(last?.triggeredAt ?? null),
    syncStatus: running ? 'inProgress' : last?.triggeredAt ? 'completed' : 'unknown',
  });
}
