import { thumbprint } from '@greenscreen/crypto/x509';
import { type Authority } from '@greenscreen/host/authority';
import { type MdmCertificate, type MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { type Tenant } from '@greenscreen/model/tenancy';
import { INTUNE_PROVIDER } from '@greenscreen/wire/dm-tree';
import { type CspNode, encodeProvisioningDocument } from '@greenscreen/wire/wap';
import { MANAGEMENT_HOST } from '../../hosts.js';
import { renewPeriodDays } from '../policy/enrollment-policy.js';
import { defectiveEntry, sentNonce } from './certificate-defect.js';
import { dmClientNodes } from './dm-client-nodes.js';

/** Fixed addresses of the real service; the query is the client's own (reference 04, 3.5 and 4.1). */
const MANAGEMENT_URL = `https://${MANAGEMENT_HOST}/devicegatewayproxy/cimhandler.ashx`;
/** Renewal needs the client certificate that only this host asks for (06 D-B19). */
const RENEWAL_URL = `https://${MANAGEMENT_HOST}/StatelessEnrollmentService/DeviceEnrollment.svc`;
const RETRY_INTERVAL_DAYS = 7;

export interface Provisioning {
  readonly enrollment: MdmEnrollment;
  readonly certificate: MdmCertificate;
  readonly ca: Authority;
  readonly root: Authority;
  readonly tenant: Tenant;
  readonly deviceName: string;
  /** User of a user-driven enrollment; left out of the document for white glove (reference 04, 3.5 rule 13). */
  readonly upn: string | undefined;
  /** Nodes of the Enrollment Status Page; none when they travel in SyncML only. */
  readonly statusPage: readonly CspNode[];
}

const entry = (der: Buffer) => ({ thumbprint: thumbprint(der), der });

/** The document that makes the device managed (reference 04, 3.5), in one line. */
export function provisioningDocumentOf({ enrollment, certificate, ca, root, tenant, deviceName, upn, statusPage }: Provisioning): Buffer {
  const { id, certificateStore: store, secrets } = enrollment;
  return encodeProvisioningDocument({
    certificates: {
      root: entry(root.certificate),
      intermediate: entry(ca.certificate),
      device: defectiveEntry({ thumbprint: certificate.thumbprint, der: certificate.der, store }),
    },
    renewal: { robo: true, renewPeriod: renewPeriodDays(tenant), retryInterval: RETRY_INTERVAL_DAYS, serverUrl: RENEWAL_URL },
    account: {
      providerId: INTUNE_PROVIDER,
      name: 'Mock Intune',
      address: MANAGEMENT_URL,
      connectionRetries: 6,
      initialBackoff: 30_000,
      maxBackoff: 120_000,
      certificate: { subject: `CN=${id}`, store },
      client: { secret: secrets.clientSecret, nonce: sentNonce(secrets.clientNonce) },
      server: { userName: id, secret: secrets.serverSecret, nonce: sentNonce(secrets.serverNonce) },
    },
    nodes: [...dmClientNodes({ enrollmentId: id, deviceName, upn }), ...statusPage],
  });
}
