import { type Authority } from '@greenscreen/host/authority';
import { runChecks } from '@greenscreen/host/exchange';
import { ManagedDevice } from '@greenscreen/model/intune';
import { type EnrollmentTypeNumber, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { LINUX_PROVIDER } from '@greenscreen/wire/intune-linux';
import { type EntityManager } from 'typeorm';
import { accountSecrets, type Enrolled } from '../../enrollment/issue/enroll.js';
import { issueCertificateFor } from '../../enrollment/issue/issue-certificate.js';
import { noteInDirectory } from '../../enrollment/issue/note-in-directory.js';
import { oneAtATime } from '../../enrollment/issue/one-at-a-time.js';
import { supersedeEarlier } from '../../enrollment/issue/supersede.js';
import { LinuxAdmission, linuxAdmissionChecks } from './admission.checks.js';
import { type LinuxEnrollment } from './enroll.operation.js';

/** A user's own device that Entra knows: nobody has seen Intune's number for Linux [our choice]. */
const ENROLLMENT_TYPE: EnrollmentTypeNumber = 2;

/** Decides and issues, in one transaction: enrollment, certificate, managed device, directory object, logs. */
export async function enrollLinux(em: EntityManager, request: LinuxEnrollment, ca: Authority, now: Date): Promise<Enrolled> {
  const { mdm, principal, csr } = request;
  await oneAtATime(em, principal.entraDeviceId);
  const admission = new LinuxAdmission(em, principal);
  await runChecks(admission, linuxAdmissionChecks);
  const enrollment = newEnrollment(em, request, now);
  await supersedeEarlier(em, enrollment, now);
  await em.insert(MdmEnrollment, enrollment);
  const certificate = await issueCertificateFor(em, { enrollment, tenant: principal.tenant, ca, spki: csr.spki, now });
  await em.insert(ManagedDevice, managedDevice(request, enrollment, now));
  const { deviceName } = request.request;
  await noteInDirectory(em, { device: admission.device, enrollment, deviceName, now, random: mdm.random });
  return { enrollment, certificate };
}

/** Such a device has no name of its own for OMA-DM, and says nothing of its hardware. */
function newEnrollment(em: EntityManager, { mdm, principal, request }: LinuxEnrollment, now: Date): MdmEnrollment {
  return em.create(MdmEnrollment, {
    id: mdm.random.uuid(),
    tenantId: principal.tenant.id,
    state: 'issued',
    failedPhase: null,
    enrollmentType: ENROLLMENT_TYPE,
    providerId: LINUX_PROVIDER,
    dmDeviceId: '',
    hwDevId: '',
    entraDeviceId: principal.entraDeviceId ?? null,
    ztdId: null,
    enrolledBy: principal.user.id,
    serialNumber: '',
    certificateStore: 'System',
    context: [
      { name: 'DeviceName', value: request.deviceName },
      { name: 'AppVersion', value: request.appVersion },
    ],
    secrets: accountSecrets(mdm.random),
    opaqueId: mdm.random.uuid(),
    enrolledAt: now,
    endedAt: null,
  });
}

const managedDevice = ({ principal, request }: LinuxEnrollment, { id, tenantId, entraDeviceId }: MdmEnrollment, now: Date) => ({
  id,
  tenantId,
  deviceName: request.deviceName,
  serialNumber: '',
  entraDeviceId,
  ztdId: null,
  enrollmentType: ENROLLMENT_TYPE,
  autopilotEnrolled: false,
  managedDeviceOwnerType: 'personal' as const,
  userId: principal.user.id,
  userPrincipalName: principal.user.upn,
  operatingSystem: 'Linux',
  enrolledDateTime: now,
  lastSyncDateTime: now,
});
