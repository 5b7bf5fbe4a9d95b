import { type EntityManager } from 'typeorm';
import { AuditRecord, type AuditInitiator, type AuditTarget } from './audit-record.entity.js';

export interface AuditEntry {
  /** New random id of the record. */
  readonly id: string;
  readonly tenantId: string;
  readonly log?: 'directory' | 'intune';
  readonly at: Date;
  readonly loggedByService: string;
  readonly category: string;
  readonly activityDisplayName: string;
  readonly operationType: AuditRecord['operationType'];
  readonly result?: 'success' | 'failure';
  readonly resultReason?: string;
  readonly correlationId: string;
  readonly initiatedBy: AuditInitiator;
  readonly targetResources: AuditTarget[];
  readonly additionalDetails?: { key: string; value: string }[];
}

/** Appends audit entries in the given order, inside the caller's transaction: what happened and its trace commit together. */
export async function writeAudit(em: EntityManager, ...entries: AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await em.insert(
    AuditRecord,
    entries.map(({ at, ...entry }) => ({
      log: 'directory' as const,
      result: 'success' as const,
      resultReason: '',
      additionalDetails: [],
      ...entry,
      activityDateTime: at,
    })),
  );
}
