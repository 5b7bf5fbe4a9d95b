import { decodeCertificates, decodeRenewal, encodeCertificates, encodeRenewal } from './certificate-store.js';
import { type ProvisionedCertificates, type RenewalSettings } from './certificate-store.js';
import { decodeWapDocument, encodeWapDocument, type WapCharacteristic } from './characteristic.codec.js';
import { type CspNode, cspRoots, decodeCspNodes, encodeCspNodes } from './csp-nodes.js';
import { decodeDmAccount, type DmAccount, encodeDmAccount } from './dm-account.js';
import { WapError } from './error.js';

/** What an enrollment gives to the device (reference 04, 3.5). */
export interface ProvisioningDocument {
  readonly certificates: ProvisionedCertificates;
  readonly renewal: RenewalSettings;
  readonly account: DmAccount;
  /** Nodes below DMClient and EnrollmentStatusTracking. */
  readonly nodes: readonly CspNode[];
}

export const encodeProvisioningDocument = ({ certificates, renewal, account, nodes }: ProvisioningDocument): Buffer =>
  encodeWapDocument([encodeCertificates(certificates), encodeRenewal(renewal), encodeDmAccount(account), ...encodeCspNodes(nodes)]);

/**
 * Reads a provisioning document as strictly as Windows does: a top-level characteristic of any other type fails the whole enrollment
 * (reference 04, 3.5 rule 11).
 *
 * @throws {WapError}
 */
export function decodeProvisioningDocument(bytes: Uint8Array): ProvisioningDocument {
  const roots = decodeWapDocument(bytes);
  const stranger = roots.find(({ type }) => !['CertificateStore', 'APPLICATION', ...cspRoots].includes(type));
  if (stranger) throw new WapError('characteristic', `unknown characteristic ${stranger.type}`);
  const stores = roots.filter(({ type }) => type === 'CertificateStore');
  const application = roots.find(({ type }) => type === 'APPLICATION');
  const renewal = decodeRenewal(stores);
  if (!application) throw new WapError('account', 'no APPLICATION');
  if (!renewal) throw new WapError('certificates', 'no WSTEP/Renew');
  return {
    certificates: decodeCertificates(stores),
    renewal,
    account: decodeDmAccount(application),
    nodes: roots.filter(isCspRoot).flatMap((root) => decodeCspNodes(root)),
  };
}

const isCspRoot = ({ type }: WapCharacteristic): boolean => cspRoots.some((root) => root === type);
