import { EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { IntuneCompliancePolicy } from '@greenscreen/model/mdm-session';
import { In } from 'typeorm';
import { z } from 'zod';
import { complianceKey, isDelivered, markDelivered } from '../plan/delivered.js';
import { type SessionWork } from '../session/session-work.js';

/**
 * Writes the result once enough sessions have begun since the association (06 D-B30; switch of the tenant), and again at the beginning of a
 * session when policies apply that were not evaluated in their present version.
 */
export async function evaluateCompliance(work: SessionWork): Promise<void> {
  const { tenant, progress, session } = work;
  if (!progress.associatedAt || progress.sessionsSinceAssociation < tenant.compliance.evaluateAfterSyncs) return;
  if (progress.complianceEvaluatedAt && session.messages > 1) return;
  const assigned = (await work.assigned.all()).filter(({ kind }) => kind === 'compliance');
  if (progress.complianceEvaluatedAt && assigned.every(({ id, version }) => isDelivered(work, complianceKey(id), version))) return;
  for (const { id, version } of assigned) markDelivered(work, complianceKey(id), version);
  await writeCompliance(work, tenant.compliance.compliant && (await meetsDemands(work, assigned)));
}

async function writeCompliance({ em, enrollment, progress, now }: SessionWork, compliant: boolean): Promise<void> {
  progress.complianceEvaluatedAt = now;
  await em.update(ManagedDevice, { id: enrollment.id }, { complianceState: compliant ? 'compliant' : 'noncompliant' });
  if (enrollment.entraDeviceId) await em.update(EntraDevice, { deviceId: enrollment.entraDeviceId }, { isCompliant: compliant });
}

/** Demands that are looked at: versions of Windows. */
const demands = z.object({ osMinimumVersion: z.string().nullish(), osMaximumVersion: z.string().nullish() });

async function meetsDemands({ em, enrollment }: SessionWork, assigned: readonly { readonly id: string }[]): Promise<boolean> {
  if (assigned.length === 0) return true;
  const policies = await em.findBy(IntuneCompliancePolicy, { id: In(assigned.map(({ id }) => id)) });
  const device = await em.findOneBy(ManagedDevice, { id: enrollment.id });
  return policies.every(({ settings }) => {
    const { osMinimumVersion: least, osMaximumVersion: most } = demands.parse(settings);
    const version = device?.osVersion ?? '';
    return (!least || compareVersions(version, least) >= 0) && (!most || compareVersions(version, most) <= 0);
  });
}

/** By the numbers between the dots; what is missing counts as 0. */
function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number));
  for (let at = 0; at < Math.max(a?.length ?? 0, b?.length ?? 0); at += 1) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
