import { EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { type SessionWork } from '../session/session-work.js';

/** Writes the result once enough sessions have begun since the association (06 D-B30; switch of the tenant). */
export async function evaluateCompliance({ em, enrollment, tenant, progress, now }: SessionWork): Promise<void> {
  const { evaluateAfterSyncs, compliant } = tenant.compliance;
  if (!progress.associatedAt || progress.complianceEvaluatedAt || progress.sessionsSinceAssociation < evaluateAfterSyncs) return;
  progress.complianceEvaluatedAt = now;
  await em.update(ManagedDevice, { id: enrollment.id }, { complianceState: compliant ? 'compliant' : 'noncompliant' });
  if (enrollment.entraDeviceId) await em.update(EntraDevice, { deviceId: enrollment.entraDeviceId }, { isCompliant: compliant });
}
