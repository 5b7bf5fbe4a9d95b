import { type Authority } from '@greenscreen/host/authority';
import { type Random } from '@greenscreen/host/random';
import { type DmAccountSecrets, MdmEnrollment, type MdmCertificate } from '@greenscreen/model/mdm-enrollment';
import { INTUNE_PROVIDER } from '@greenscreen/wire/dm-tree';
import { type Admission } from './admission.js';
import { issueCertificateFor } from './issue-certificate.js';
import { recordEnrollment } from './record-enrollment.js';
import { supersedeEarlier } from './supersede.js';

const NONCE_BYTES = 16;

export interface Enrolled {
  readonly enrollment: MdmEnrollment;
  readonly certificate: MdmCertificate;
}

/** Everything that an admitted request brings about, in the transaction that admitted it. */
export async function enroll(admission: Admission, ca: Authority): Promise<Enrolled> {
  const { em, request, now } = admission;
  const enrollment = newEnrollment(admission);
  await supersedeEarlier(em, enrollment, now);
  await em.insert(MdmEnrollment, enrollment);
  const certificate = await issueCertificateFor(em, { enrollment, tenant: request.principal.tenant, ca, spki: request.csr.spki, now });
  await recordEnrollment(admission, enrollment);
  return { enrollment, certificate };
}

function newEnrollment({ em, request, type, autopilot, device, now }: Admission): MdmEnrollment {
  const { context, principal, mdm } = request;
  return em.create(MdmEnrollment, {
    id: mdm.random.uuid(),
    tenantId: principal.tenant.id,
    state: 'issued',
    failedPhase: null,
    enrollmentType: type,
    providerId: INTUNE_PROVIDER,
    dmDeviceId: context.get('DeviceID') ?? '',
    hwDevId: (context.get('HWDevID') ?? '').toLowerCase(),
    entraDeviceId: device?.deviceId ?? null,
    ztdId: autopilot?.ztdId ?? null,
    enrolledBy: principal.user?.id ?? null,
    serialNumber: context.get('SerialNumber') || (autopilot?.serialNumber ?? ''),
    certificateStore: context.get('EnrollmentType') === 'Full' ? 'User' : 'System',
    context: context.items.map(({ name, value }) => ({ name, value })),
    secrets: accountSecrets(mdm.random),
    opaqueId: mdm.random.uuid(),
    enrolledAt: now,
    endedAt: null,
  });
}

/** Both directions prove themselves by a secret and a nonce of their own (reference 04, 3.5 rule 8). */
export const accountSecrets = (random: Random): DmAccountSecrets => ({
  clientSecret: random.token(),
  clientNonce: random.bytes(NONCE_BYTES).toString('base64'),
  serverSecret: random.token(),
  serverNonce: random.bytes(NONCE_BYTES).toString('base64'),
});
