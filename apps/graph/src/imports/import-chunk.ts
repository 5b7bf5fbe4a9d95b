import { type DirectoryChange } from '@greenscreen/model/directory';
import {
  type DdsErrorCode,
  ddsErrorName,
  ImportedIdentity,
  type ImportEvent,
  nextImportStatus,
  registerDevices,
  type Registration,
} from '@greenscreen/model/autopilot';
import { switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { decodeHardwareHash, HardwareHashError, hardwareIdentityOf } from '@greenscreen/wire/hardware-hash';
import { type EntityManager } from 'typeorm';

export interface ImportMoment {
  /** Now, in the tenant's time. */
  readonly at: Date;
  /** What the directory is told of the work on a chunk, whose ids follow from that of its first import. */
  readonly changeFor: (importId: string) => DirectoryChange;
}

/** Works on up to `size` imports of a tenant that are due, in the caller's transaction; returns how many there were. Rows that another replica works on are left to it. */
export async function importChunk(em: EntityManager, tenant: Tenant, { at, changeFor }: ImportMoment, size: number): Promise<number> {
  const rows = await em
    .createQueryBuilder(ImportedIdentity, 'row')
    .setLock('pessimistic_write')
    .setOnLocked('skip_locked')
    .where(`row.tenantId = :tenantId AND row.status = 'unknown' AND row.dueAt <= :at`, { tenantId: tenant.id, at })
    .orderBy('row.dueAt')
    .addOrderBy('row.id')
    .limit(size)
    .getMany();
  const [first] = rows;
  if (!first) return 0;
  const judged = rows.map((row) => ({ row, registration: registrationOf(row, tenant) }));
  const accepted = judged.flatMap(({ registration }) => (typeof registration === 'number' ? [] : [registration]));
  const outcomes = accepted.length > 0 ? await registerDevices(em, tenant.id, changeFor(first.id), accepted) : [];
  await finish(
    em,
    judged.map(({ row, registration }) => {
      const outcome = typeof registration === 'number' ? { refused: registration } : outcomes.shift();
      return outcome?.registered
        ? endOf(row, 'registered', { registrationId: outcome.registered.ztdId })
        : endOf(row, 'refused', errorOf(outcome?.refused ?? 0));
    }),
  );
  return rows.length;
}

/** What to register, or the code of the refusal: the one that the tenant wants to see (switch `graph.importResult`), or 802 for a bad hash. */
function registrationOf(row: ImportedIdentity, tenant: Tenant): Registration | DdsErrorCode {
  const wanted = switchOf(tenant, 'graph.importResult', 0);
  if (isDdsCode(wanted)) return wanted;
  try {
    const report = decodeHardwareHash(row.hardwareIdentifier, { requireChecksum: switchOf(tenant, 'graph.hashRequireChecksum', true) });
    return {
      hardware: hardwareIdentityOf(report, { allowEcc: switchOf(tenant, 'graph.hashAllowEcc', false) }),
      hardwareHash: row.hardwareIdentifier,
      serialNumber: row.serialNumber,
      productKey: row.productKey,
      groupTag: row.groupTag,
      userPrincipalName: row.assignedUserPrincipalName,
    };
  } catch (error) {
    if (error instanceof HardwareHashError) return 802;
    throw error;
  }
}

const isDdsCode = (code: number): code is DdsErrorCode => ddsErrorName(code) !== '';
const errorOf = (code: number) => ({ errorCode: code, errorName: ddsErrorName(code) });

function endOf(row: ImportedIdentity, event: ImportEvent, result: Partial<ImportedIdentity>): ImportedIdentity {
  return { ...row, status: nextImportStatus(row.status, event) ?? row.status, ...result };
}

/** One statement for all of them. */
async function finish(em: EntityManager, rows: readonly ImportedIdentity[]): Promise<void> {
  if (rows.length === 0) return;
  await em.query(
    `UPDATE imported_identity SET status = ended.status, registration_id = ended.registration_id, error_code = ended.error_code,
            error_name = ended.error_name
       FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[])
         AS ended (id, status, registration_id, error_code, error_name)
      WHERE imported_identity.id = ended.id`,
    [
      rows.map(({ id }) => id),
      rows.map(({ status }) => status),
      rows.map(({ registrationId }) => registrationId),
      rows.map(({ errorCode }) => errorCode),
      rows.map(({ errorName }) => errorName),
    ],
  );
}
