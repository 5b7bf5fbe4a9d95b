import { issueFleetCertificate } from '@greenscreen/crypto/mdm-certificate';
import { type Authority } from '@greenscreen/host/authority';
import { Fault } from '@greenscreen/host/faults';
import { FleetHost } from '@greenscreen/model/fleet';
import { ManagedDevice } from '@greenscreen/model/intune';
import { type EnrollmentTypeNumber, liveEnrollmentStates, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { FLEET_PROVIDER } from '@greenscreen/wire/fleet';
import { type EntityManager, In } from 'typeorm';
import { accountSecrets, type Enrolled } from '../../enrollment/issue/enroll.js';
import { recordCertificate, validityOf } from '../../enrollment/issue/issue-certificate.js';
import { supersedeEarlier } from '../../enrollment/issue/supersede.js';
import { isEligible } from '../fleet-hosts.js';
import { type FleetEnrollmentRequest } from './enroll.operation.js';

/** Intune's number for a device that enrolled outside Entra: Fleet has none [our choice]. */
const ENROLLMENT_TYPE: EnrollmentTypeNumber = 1;

/** Everything that an admitted request brings about, in one transaction. */
export async function enrollAtFleet(em: EntityManager, request: FleetEnrollmentRequest, ca: Authority, now: Date): Promise<Enrolled> {
  const { server, context, csr } = request;
  await oneAtATime(em, server.tenant.id, context.get('DeviceID') ?? '');
  await takeHost(em, request);
  const enrollment = newEnrollment(em, request, now);
  await supersedeEarlier(em, enrollment, now);
  await supersedeSameDevice(em, enrollment, now);
  await em.insert(MdmEnrollment, enrollment);
  const validity = validityOf(server.tenant, now);
  const der = issueFleetCertificate(context.get('HWDevID') ?? '', { spki: csr.spki, ...validity, issuer: ca });
  const certificate = await recordCertificate(em, enrollment, { der, ...validity, issuedAt: now });
  await em.insert(ManagedDevice, managedDevice(request, enrollment, now));
  await noteOnHost(em, request, enrollment);
  return { enrollment, certificate };
}

/** The host's row, locked: of two requests with one key, the second finds the host managed. */
async function takeHost(em: EntityManager, { server, principal }: FleetEnrollmentRequest): Promise<void> {
  if (!principal.host) return;
  const { tenantId, hardwareUuid } = principal.host;
  const host = await em.findOneOrFail(FleetHost, { where: { tenantId, hardwareUuid }, lock: { mode: 'pessimistic_write' } });
  if (!(await isEligible(em, server, host))) throw new Fault('fleet.HostNotEligible');
}

async function noteOnHost(em: EntityManager, { principal }: FleetEnrollmentRequest, { id }: MdmEnrollment): Promise<void> {
  if (!principal.host) return;
  const { tenantId, hardwareUuid } = principal.host;
  await em.update(FleetHost, { tenantId, hardwareUuid }, { enrollmentId: id });
}

/** Two requests for one device queue up: the second has to see what the first one did. */
async function oneAtATime(em: EntityManager, tenantId: string, dmDeviceId: string): Promise<void> {
  await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`fleet-enroll:${tenantId}:${dmDeviceId}`]);
}

function newEnrollment(em: EntityManager, { mdm, server, principal, context }: FleetEnrollmentRequest, now: Date): MdmEnrollment {
  return em.create(MdmEnrollment, {
    id: mdm.random.uuid(),
    tenantId: server.tenant.id,
    state: 'issued',
    failedPhase: null,
    enrollmentType: ENROLLMENT_TYPE,
    providerId: FLEET_PROVIDER,
    dmDeviceId: context.get('DeviceID') ?? '',
    hwDevId: (context.get('HWDevID') ?? '').toLowerCase(),
    entraDeviceId: null,
    ztdId: null,
    enrolledBy: principal.user?.id ?? null,
    serialNumber: context.get('SerialNumber') || (principal.host?.hardwareSerial ?? ''),
    certificateStore: context.get('EnrollmentType') === 'Full' ? 'User' : 'System',
    context: context.items.map(({ name, value }) => ({ name, value })),
    secrets: accountSecrets(mdm.random),
    opaqueId: mdm.random.uuid(),
    enrolledAt: now,
    endedAt: null,
  });
}

/** A device speaks by its DM id here, so one id is one enrollment. */
async function supersedeSameDevice(em: EntityManager, { tenantId, dmDeviceId, providerId }: MdmEnrollment, now: Date): Promise<void> {
  const earlier = await em.findBy(MdmEnrollment, { tenantId, dmDeviceId, providerId, state: In([...liveEnrollmentStates]) });
  const ids = earlier.map(({ id }) => id);
  if (ids.length === 0) return;
  await em.update(MdmEnrollment, { id: In(ids) }, { state: 'superseded', endedAt: now });
  await em.delete(ManagedDevice, { id: In(ids) });
}

/** Listed with the others, so that a lab finds its devices in one place [our choice]. */
function managedDevice(
  { principal, context }: FleetEnrollmentRequest,
  enrollment: MdmEnrollment,
  now: Date,
): Partial<ManagedDevice> & Pick<ManagedDevice, 'id'> {
  const { host, user } = principal;
  return {
    id: enrollment.id,
    tenantId: enrollment.tenantId,
    deviceName: context.get('DeviceName') ?? '',
    serialNumber: enrollment.serialNumber,
    manufacturer: context.get('Manufacturer') ?? '',
    model: context.get('DeviceModel') || (host?.hardwareModel ?? ''),
    entraDeviceId: null,
    ztdId: null,
    enrollmentType: ENROLLMENT_TYPE,
    autopilotEnrolled: false,
    managedDeviceOwnerType: host ? 'company' : 'personal',
    userId: user?.id ?? null,
    userPrincipalName: user?.upn ?? '',
    osVersion: context.get('OSVersion') ?? '',
    enrolledDateTime: now,
    lastSyncDateTime: now,
  };
}
