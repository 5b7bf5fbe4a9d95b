import { DmNode } from '@greenscreen/model/mdm-session';
import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { type EntityManager } from 'typeorm';

export interface NodeReport {
  readonly uri: string;
  readonly format?: string | undefined;
  /** Null for a node that is not there. */
  readonly value: string | null;
  readonly status: number;
}

/** What the device says about its management tree. Reports reach Postgres with {@link flush}. */
export class NodeStore {
  private readonly reports = new Map<string, NodeReport>();
  private stored: Promise<ReadonlyMap<string, string | null>> | undefined;

  constructor(
    private readonly em: EntityManager,
    private readonly owner: { readonly enrollmentId: string; readonly tenantId: string; readonly now: Date },
  ) {}

  report(report: NodeReport): void {
    this.reports.set(canonicalUri(report.uri), report);
  }

  /** Value that this message reports; undefined when it says nothing about the node. */
  reported(uri: string): string | null | undefined {
    return this.reports.get(canonicalUri(uri))?.value;
  }

  /** The last value that the device reported, in this message or an earlier one. */
  async value(uri: string): Promise<string | undefined> {
    const key = canonicalUri(uri);
    const report = this.reports.get(key);
    if (report) return report.value ?? undefined;
    return (await (this.stored ??= this.load())).get(key) ?? undefined;
  }

  /** All at once: who asks for one node asks for more. */
  private async load(): Promise<ReadonlyMap<string, string | null>> {
    const nodes = await this.em.find(DmNode, { where: { enrollmentId: this.owner.enrollmentId }, select: { uri: true, value: true } });
    return new Map(nodes.map(({ uri, value }) => [uri, value]));
  }

  async flush(): Promise<void> {
    const { enrollmentId, tenantId, now } = this.owner;
    const rows = [...this.reports].map(([uri, { format, value, status }]) => ({
      enrollmentId,
      uri,
      tenantId,
      format: format ?? null,
      value,
      status,
      reportedAt: now,
    }));
    if (rows.length > 0) await this.em.upsert(DmNode, rows, ['enrollmentId', 'uri']);
  }
}
