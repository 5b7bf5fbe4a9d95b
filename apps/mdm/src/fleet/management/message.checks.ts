import { decodeCertificate, subjectCommonName } from '@greenscreen/crypto/x509';
import { type Check } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { liveEnrollmentStates, MdmCertificate, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { FLEET_PROVIDER } from '@greenscreen/wire/fleet';
import { In } from 'typeorm';
import { noteEnrollment } from '../../device-identity/index.js';
import { type ManagementMessage } from '../../management/session/management-message.js';
import { bodyIsNotBinary, contextIsKnown, messageIsSyncMl, urisAreOfNodes } from '../../management/session/message.checks.js';
import { FleetServer } from '../fleet-server.js';

/** Fleet knows a device by what it calls itself: Source is the DeviceID of its enrollment (reference 04, section 8). */
async function sourceIsALiveEnrollment(state: ManagementMessage): Promise<void> {
  const { mdm, message } = state;
  const { tenant } = await FleetServer.ofRequest(mdm, 'omadm.Forbidden');
  const enrollment = await mdm.em.findOneBy(MdmEnrollment, {
    dmDeviceId: message.header.source,
    tenantId: tenant.id,
    providerId: FLEET_PROVIDER,
    state: In([...liveEnrollmentStates]),
  });
  const certificate =
    enrollment && (await mdm.em.findOne(MdmCertificate, { where: { enrollmentId: enrollment.id }, order: { issuedAt: 'DESC' } }));
  if (!enrollment || !certificate) throw new Fault('omadm.Forbidden');
  state.identity = { enrollment, certificate, tenant };
  noteEnrollment(enrollment);
}

/** None is needed. One that is shown has to be the enrollment's own, or name the device (reference 04, section 8). */
function certificateIsTheDevices({ received, identity }: ManagementMessage): void {
  if (!received.presented || received.presented.der.equals(identity.certificate.der)) return;
  const name = commonNameOf(received.presented.der);
  if (!name.includes(identity.enrollment.dmDeviceId)) throw new Fault('omadm.Forbidden');
}

function commonNameOf(der: Buffer): string {
  try {
    return subjectCommonName(decodeCertificate(der)) ?? '';
  } catch (error) {
    throw new Fault('omadm.Forbidden', {}, { cause: error });
  }
}

/** Who speaks to a Fleet server, and what. */
export const fleetMessageChecks: readonly Check<ManagementMessage>[] = [
  bodyIsNotBinary,
  messageIsSyncMl,
  urisAreOfNodes,
  sourceIsALiveEnrollment,
  certificateIsTheDevices,
  contextIsKnown,
];
