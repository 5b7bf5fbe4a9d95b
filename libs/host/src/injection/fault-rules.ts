import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { type FaultMatch, FaultRule } from '@greenscreen/model/faults';
import { Checkpoint } from '@greenscreen/model/installation';
import { type DataSource, In } from 'typeorm';
import { type Exchange } from '../exchange/exchange.js';
import { RequestIdentifiers } from './identifiers.js';
import { type Injection } from './injection.js';

/** Every operation of a service. */
const ANY = '*';

/** A fault to arm; what is left out is everybody's, unconditional and marked. */
export type NewFault = Pick<FaultRule, 'service' | 'operation' | 'action'> &
  Partial<Pick<FaultRule, 'run' | 'tenantId' | 'match' | 'marked'>>;

/** A process asks for the rules again when what it knows is older. Arming and clearing wait that long, so that they hold once they answer. */
const STALE_MS = 40;
/** Timers may fire a little early. */
const HOLDS_AFTER_MS = STALE_MS + 2;

/**
 * The faults that are armed. They live in Postgres, so that every replica of every service injects the same ones and their counts are exact.
 * Which there are is read at most every {@link STALE_MS}: most requests cost no query.
 */
export class FaultRules {
  private known: Promise<readonly FaultRule[]> = Promise.resolve([]);
  private readAt = -Infinity;

  constructor(private readonly dataSource: DataSource) {}

  /** Arms a fault. It holds in every process once this resolves. */
  async arm(fault: NewFault): Promise<FaultRule> {
    const [armed] = await this.armAll([fault]);
    if (!armed) throw new Error('The fault was not stored');
    return armed;
  }

  /** Arms several, tried in this order; all or none. */
  async armAll(faults: readonly NewFault[]): Promise<FaultRule[]> {
    const { manager } = this.dataSource;
    const rules = faults.map((fault) =>
      manager.create(FaultRule, { run: null, tenantId: null, match: {}, marked: true, ...fault, seen: 0, hits: 0, createdAt: new Date() }),
    );
    const armed = await manager.save(rules);
    await pause(HOLDS_AFTER_MS);
    return armed;
  }

  /** Clears faults by id, run or tenant; without any of them, all. Returns how many there were. */
  async clear(scope: Partial<Pick<FaultRule, 'id' | 'run' | 'tenantId'>>): Promise<number> {
    const { affected } = await this.dataSource.createQueryBuilder().delete().from(FaultRule).where(scope).execute();
    await pause(HOLDS_AFTER_MS);
    return affected ?? 0;
  }

  /** The first rule that fires for the exchange, counted; undefined when none does. */
  async match(exchange: Exchange): Promise<Injection | undefined> {
    const rules = (await this.armed()).filter(
      ({ service, operation }) => service === exchange.service && (operation === exchange.operation || operation === ANY),
    );
    for (const rule of rules) {
      if (isForHandshake(rule) || !(await this.concerns(rule, exchange))) continue;
      const seen = await this.count(rule.id, 'seen');
      if (!falls(rule, seen)) continue;
      await this.count(rule.id, 'hits');
      return { rule: rule.id, tenantId: rule.tenantId, marked: rule.marked, action: rule.action };
    }
    return undefined;
  }

  /**
   * The first rule that breaks the handshake of a new connection to one of these services, counted. There is no request yet: runs, headers
   * and identifiers cannot be told apart, so such faults are for whoever connects (06, D-B66).
   */
  async matchHandshake(services: readonly string[]): Promise<Injection | undefined> {
    const rules = (await this.armed()).filter((rule) => isForHandshake(rule) && services.includes(rule.service));
    for (const rule of rules) {
      if (!(await this.atTheRightTime(rule)) || !falls(rule, await this.count(rule.id, 'seen'))) continue;
      await this.count(rule.id, 'hits');
      return { rule: rule.id, tenantId: rule.tenantId, marked: rule.marked, action: rule.action };
    }
    return undefined;
  }

  private armed(): Promise<readonly FaultRule[]> {
    const now = performance.now();
    if (now - this.readAt < STALE_MS) return this.known;
    this.readAt = now;
    this.known = this.dataSource.manager.find(FaultRule, { order: { id: 'ASC' } });
    // A reading that failed is none: the next request tries again.
    this.known.catch(() => (this.readAt = -Infinity));
    return this.known;
  }

  private async concerns(rule: FaultRule, exchange: Exchange): Promise<boolean> {
    const { match } = rule;
    if (rule.run !== null && rule.run !== exchange.run) return false;
    if (!headersFit(match, exchange)) return false;
    if (match.body !== undefined && !exchange.body.toString('latin1').includes(match.body)) return false;
    if (rule.run === null && !(await this.namesDevice(rule, exchange))) return false;
    return this.atTheRightTime(rule);
  }

  /** A run is a tenant's and a device's already; other requests have to name them. */
  private async namesDevice({ tenantId, match }: FaultRule, exchange: Exchange): Promise<boolean> {
    const { serial, deviceId, ztdid } = match;
    if (tenantId === null && serial === undefined && deviceId === undefined && ztdid === undefined) return true;
    const named = new RequestIdentifiers(exchange);
    if (deviceId !== undefined && !named.hasGuid(deviceId)) return false;
    if (ztdid !== undefined && !named.hasGuid(ztdid)) return false;
    const devices =
      serial !== undefined || (tenantId !== null && !named.hasGuid(tenantId))
        ? await this.dataSource.manager.findBy(AutopilotDevice, {
            ...(tenantId === null ? {} : { tenantId }),
            ...(serial === undefined ? {} : { serialNumber: serial }),
          })
        : undefined;
    return (
      devices === undefined ||
      devices.some(
        (device) =>
          [device.ztdId, device.entraDeviceId, device.managedDeviceId].some((guid) => guid !== null && named.hasGuid(guid)) ||
          named.hasText(device.ddid) ||
          named.hasText(device.serialNumber),
      )
    );
  }

  private async atTheRightTime({ tenantId, match: { after, before, serial } }: FaultRule): Promise<boolean> {
    if (after === undefined && before === undefined) return true;
    const reached = await this.dataSource.manager.findBy(Checkpoint, {
      ...(tenantId === null ? {} : { tenantId }),
      ...(serial === undefined ? {} : { serial }),
      checkpoint: In([after, before].filter((name) => name !== undefined)),
    });
    const has = (name: string): boolean => reached.some(({ checkpoint }) => checkpoint === name);
    return (after === undefined || has(after)) && (before === undefined || !has(before));
  }

  /** Adds one, and says what it is now: exact however many requests arrive at once. Undefined when the fault was cleared meanwhile. */
  private async count(id: string, column: 'seen' | 'hits'): Promise<number | undefined> {
    const [rows] = await this.dataSource.query<[{ now: number }[], number]>(
      `UPDATE fault_rule SET ${column} = ${column} + 1 WHERE id = $1 RETURNING ${column} AS now`,
      [id],
    );
    return rows[0]?.now;
  }
}

const isForHandshake = ({ action }: FaultRule): boolean => action.tls !== undefined || action.connection === 'refuse';

function headersFit({ header = {} }: FaultMatch, { headers }: Exchange): boolean {
  return Object.entries(header).every(([name, value]) => headers[name.toLowerCase()]?.toLowerCase() === value.toLowerCase());
}

/** Whether the request with this number is one that the rule is for. */
function falls({ match: { nth, from, until, probability, seed } }: FaultRule, seen: number | undefined): boolean {
  if (seen === undefined) return false;
  if (nth !== undefined && seen !== nth) return false;
  if (from !== undefined && seen < from) return false;
  if (until !== undefined && seen > until) return false;
  return probability === undefined || chance(seed ?? 1, seen) < probability;
}

/** 0 to 1, the same for the same seed and number. */
const chance = (seed: number, number: number): number => createHash('sha256').update(`${seed}|${number}`).digest().readUInt32BE() / 2 ** 32;
