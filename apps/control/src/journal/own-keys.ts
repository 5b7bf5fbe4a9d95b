import { decodeCertificate, subjectCommonName } from '@greenscreen/crypto/x509';
import { RA_ENCRYPTION_CERTIFICATE } from '@greenscreen/crypto/scep';
import { AuthorityRecord } from '@greenscreen/model/installation';
import { createPrivateKey } from 'node:crypto';
import { type DataSource } from 'typeorm';
import { type KeyOf } from '../decoded/index.js';

/** Finds the keys of the registration authorities, to open what devices sent to them. Their certificates change daily, their keys do not. */
export async function ownKeys({ manager }: DataSource): Promise<KeyOf> {
  const recipients = (await manager.find(AuthorityRecord))
    .map(({ certificate, privateKey }) => ({ certificate: decodeCertificate(certificate), privateKey }))
    .filter(({ certificate }) => subjectCommonName(certificate) === RA_ENCRYPTION_CERTIFICATE);
  return (issuer) => {
    const recipient = recipients.find(({ certificate }) => certificate.issuer.raw.equals(issuer));
    return recipient && createPrivateKey({ key: recipient.privateKey, format: 'der', type: 'pkcs8' });
  };
}
