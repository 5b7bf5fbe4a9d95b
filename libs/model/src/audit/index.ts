import { AuditRecord } from './audit-record.entity.js';

export * from './audit-record.entity.js';
export { writeAudit, type AuditEntry } from './write-audit.js';

export const auditEntities = [AuditRecord];
