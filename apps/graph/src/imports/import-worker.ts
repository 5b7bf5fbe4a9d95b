import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { exchanges } from '@greenscreen/host/exchange';
import { AutopilotDevice, deleteDueRegistrations, dueDeletions, dueImports, ImportedIdentity } from '@greenscreen/model/autopilot';
import { switchOf, Tenant } from '@greenscreen/model/tenancy';
import { In, LessThanOrEqual } from 'typeorm';
import { GraphServices } from '../graph-services.js';
import { intuneChange } from '../request/intune-change.js';
import { importChunk } from './import-chunk.js';

/** Imports in one transaction. */
const CHUNK = 100;
/** Status records are kept that long [our choice] (reference 01, 3.2). */
const RETENTION_MS = 30 * 86_400_000;

/**
 * Turns imported hashes into registrations. Nothing polls: an import starts work when it is posted, and whoever reads an import record waits
 * for what is due by then. A replica that died leaves its rows to the next reader, or to the next start.
 */
@Injectable()
export class ImportWorker implements OnModuleInit, OnModuleDestroy {
  private readonly running = new Map<string, Promise<void>>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopped = false;

  constructor(private readonly graph: GraphServices) {}

  async onModuleInit(): Promise<void> {
    const rows = await this.graph.em
      .createQueryBuilder(ImportedIdentity, 'row')
      .select('DISTINCT row.tenantId', 'tenantId')
      .where(`row.status = 'unknown'`)
      .getRawMany<{ tenantId: string }>();
    for (const { tenantId } of rows) this.start(tenantId);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.allSettled(this.running.values());
  }

  /** Starts on a tenant's imports after so many milliseconds, outside the request in hand. */
  start(tenantId: string, delay = 0): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.settle(tenantId).catch((error: unknown) => this.graph.logger.error({ err: error, tenantId }, 'import failed'));
    }, delay);
    this.timers.add(timer);
  }

  /** Resolves when every import of the tenant that is due has been worked on. */
  async settle(tenantId: string): Promise<void> {
    for (let other = this.running.get(tenantId); other; other = this.running.get(tenantId)) await other.catch(() => undefined);
    if (this.stopped) return;
    const work = exchanges
      .exit(() => this.drain(tenantId))
      .finally(() => {
        if (this.running.get(tenantId) === work) this.running.delete(tenantId);
      });
    this.running.set(tenantId, work);
    await work;
  }

  private async drain(tenantId: string): Promise<void> {
    const { em, clock, random } = this.graph;
    const at = await clock.now(tenantId);
    if (await em.existsBy(AutopilotDevice, dueDeletions(tenantId, at)))
      await this.graph.transaction((inner) => deleteDueRegistrations(inner, tenantId, at, (ztdId) => intuneChange(random, at, ztdId)));
    if (!(await em.existsBy(ImportedIdentity, dueImports(tenantId, at)))) return;
    const tenant = await em.findOneByOrFail(Tenant, { id: tenantId });
    if (switchOf(tenant, 'graph.importStuckUnknown', false)) return;
    await em.delete(ImportedIdentity, { tenantId, createdAt: LessThanOrEqual(new Date(at.getTime() - RETENTION_MS)) });
    while (!this.stopped && (await this.chunk(tenant, at)) > 0);
  }

  /** A chunk that cannot be worked on is tried one by one, so that a single bad record does not hold up the others. */
  private async chunk(tenant: Tenant, at: Date): Promise<number> {
    try {
      return await this.attempt(tenant, at, CHUNK);
    } catch (error) {
      this.graph.logger.warn({ err: error, tenantId: tenant.id }, 'a chunk of imports failed; trying its records one by one');
      return await this.single(tenant, at);
    }
  }

  private async single(tenant: Tenant, at: Date): Promise<number> {
    const { em, logger } = this.graph;
    const due = await em.find(ImportedIdentity, {
      where: dueImports(tenant.id, at),
      order: { dueAt: 'ASC', id: 'ASC' },
      take: 1,
    });
    try {
      return await this.attempt(tenant, at, 1);
    } catch (error) {
      logger.error({ err: error, tenantId: tenant.id, imports: due.map(({ id }) => id) }, 'an import failed');
      // Never left in `unknown`: clients would wait for it for ever.
      const failed = { status: 'error', errorCode: 500, errorName: 'InternalServerError' } as const;
      if (due.length > 0) await em.update(ImportedIdentity, { id: In(due.map(({ id }) => id)), status: 'unknown' }, failed);
      return due.length;
    }
  }

  private attempt(tenant: Tenant, at: Date, size: number): Promise<number> {
    return this.graph.transaction((em) =>
      importChunk(em, tenant, { at, changeFor: (id) => intuneChange(this.graph.random, at, id) }, size),
    );
  }
}
