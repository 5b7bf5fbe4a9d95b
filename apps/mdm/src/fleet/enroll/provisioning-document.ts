import { knownCertificate, subjectCommonName, thumbprint } from '@greenscreen/crypto/x509';
import { type Authority } from '@greenscreen/host/authority';
import { type MdmCertificate, type MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { FLEET_PROVIDER } from '@greenscreen/wire/fleet';
import { encodeProvisioningDocument } from '@greenscreen/wire/wap';
import { dmClientNodes, type PollSchedule } from '../../enrollment/issue/dm-client-nodes.js';
import { renewPeriodDays } from '../../enrollment/policy/enrollment-policy.js';
import { type FleetServer } from '../fleet-server.js';

export interface FleetProvisioning {
  readonly server: FleetServer;
  readonly enrollment: MdmEnrollment;
  readonly certificate: MdmCertificate;
  readonly ca: Authority;
  readonly root: Authority;
  readonly deviceName: string;
}

/** Every minute, for good (reference 04, section 8). */
const everyMinute: PollSchedule = [
  ['NumberOfFirstRetries', 0],
  ['IntervalForFirstSetOfRetries', 1],
  ['PollOnLogin', true],
];

const RETRY_INTERVAL_DAYS = 7;

const entry = (der: Buffer) => ({ thumbprint: thumbprint(der), der });

/** Fleet's document: its own provider and address, no Enrollment Status Page. */
export function fleetDocument({ server, enrollment, certificate, ca, root, deviceName }: FleetProvisioning): Buffer {
  const { id, certificateStore: store, secrets } = enrollment;
  return encodeProvisioningDocument({
    certificates: { root: entry(root.certificate), intermediate: entry(ca.certificate), device: { ...entry(certificate.der), store } },
    renewal: { robo: true, renewPeriod: renewPeriodDays(server.tenant), retryInterval: RETRY_INTERVAL_DAYS },
    account: {
      providerId: FLEET_PROVIDER,
      name: FLEET_PROVIDER,
      address: server.url('management'),
      connectionRetries: 6,
      initialBackoff: 30_000,
      maxBackoff: 120_000,
      certificate: { subject: `CN=${subjectCommonName(knownCertificate(certificate.der)) ?? ''}`, store },
      client: { secret: secrets.clientSecret, nonce: secrets.clientNonce },
      server: { userName: id, secret: secrets.serverSecret, nonce: secrets.serverNonce },
    },
    nodes: dmClientNodes({ enrollmentId: id, deviceName, upn: undefined }, FLEET_PROVIDER, everyMinute),
  });
}
