import { createPublicKey, X509Certificate } from 'node:crypto';
import { type KeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { decodeProvisioningDocument, type ProvisioningDocument, WapError, type WapProblem } from '@greenscreen/wire/wap';
import { type StoredCertificate, type StoreName } from '../context/index.js';
import { EnrollmentError, menroll, UNKNOWN_CHARACTERISTIC } from './enrollment-error.js';
import { type EnrollContext } from './soap-call.js';

/** Code for each part that Windows could not apply. */
const codes: Readonly<Record<WapProblem, number>> = {
  document: menroll.miscellaneous,
  characteristic: UNKNOWN_CHARACTERISTIC,
  certificates: menroll.certificateStore,
  account: menroll.provisioning,
  nodes: menroll.dmClient,
};

/** Reads a provisioning document; what is wrong with it has the HRESULT that Windows shows. */
export function readDocument(bytes: Buffer): ProvisioningDocument {
  try {
    return decodeProvisioningDocument(bytes);
  } catch (error) {
    if (error instanceof WapError) throw new EnrollmentError(codes[error.problem], error.message, {}, { cause: error });
    throw error;
  }
}

/** Puts the certificates where the document says: the device's with its key, in the machine's store or the user's. */
export function installCertificates(
  { stores }: Pick<EnrollContext, 'stores'>,
  document: ProvisioningDocument,
  keys: KeyPair,
): StoredCertificate {
  const { root, intermediate, device } = document.certificates;
  for (const { der, thumbprint } of [root, intermediate, device]) requireThumbprint(der, thumbprint);
  if (!spkiOf(createPublicKey(pem(device.der))).equals(spkiOf(keys.publicKey)))
    throw new EnrollmentError(menroll.certificateNotFound, 'The certificate is for another key');
  if (device.store !== document.account.certificate.store)
    throw new EnrollmentError(menroll.certificateNotFound, 'The account looks for its certificate in another store');
  const store: StoreName = device.store === 'User' ? 'CurrentUser\\My' : 'LocalMachine\\My';
  stores.add('LocalMachine\\Root', root.der);
  stores.add('LocalMachine\\CA', intermediate.der);
  return stores.add(store, device.der, { kind: 'software', key: keys.privateKey });
}

/** Windows finds a certificate by the name of its node. */
function requireThumbprint(der: Buffer, thumbprint: string): void {
  const actual = certificateOf(der).fingerprint.replaceAll(':', '');
  if (actual !== thumbprint) throw new EnrollmentError(menroll.certificateNotFound, `No certificate ${thumbprint}`);
}

function certificateOf(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (error) {
    throw new EnrollmentError(menroll.certificateStore, 'Not a certificate', {}, { cause: error });
  }
}

const pem = (der: Buffer): string => certificateOf(der).toString();
