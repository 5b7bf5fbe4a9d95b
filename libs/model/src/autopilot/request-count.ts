import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';

/** How many requests a tenant has made to Graph while it is throttled by their number. */
@Entity('graph_request_count')
export class GraphRequestCount {
  @PrimaryColumn('uuid') tenantId: string;
  @Column('int') requests: number;
}

/** Counts one request of a tenant, exactly however many replicas do so at once; returns its number. */
export async function countRequest(em: EntityManager, tenantId: string): Promise<number> {
  const rows: readonly { requests: number }[] = await em.query(
    `INSERT INTO graph_request_count (tenant_id, requests) VALUES ($1, 1)
       ON CONFLICT (tenant_id) DO UPDATE SET requests = graph_request_count.requests + 1
       RETURNING requests`,
    [tenantId],
  );
  return rows[0]?.requests ?? 0;
}
