import { issueAikCertificate } from '@greenscreen/crypto/aik-certificate';
import { readEkCertificate } from '@greenscreen/crypto/ek-certificate';
import { generateKeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { commonName, issueCertificate } from '@greenscreen/crypto/x509';
import { injectedDefect } from '@greenscreen/host/injection';
import { type AikRequest } from '@greenscreen/model/attestation';
import { type RegistrationAuthority } from '../registration-authority.js';

const MINUTE_MS = 60_000;
const YEAR_MS = 365 * 86_400_000;

export interface AikIssuance {
  readonly request: Pick<AikRequest, 'aikSpki' | 'ekCertificate'>;
  readonly ra: RegistrationAuthority;
  /** Lower-case GUID: the serial number has its layout. */
  readonly serial: string;
  readonly now: Date;
}

/** The AIK certificate, DER (reference 03, section 4), with the defect that a fault asks for (06, D-A71; reference 05, C.4 `action.cert`). */
export async function issueAik({ request, ra, serial, now }: AikIssuance): Promise<Buffer> {
  const injected = injectedDefect('cert');
  const defect = injected?.target === 'aik' ? injected.defect : undefined;
  const notBefore = new Date(defect === 'not_yet_valid' ? now.getTime() + 10 * MINUTE_MS : wholeSecond(now));
  const template = {
    spki: defect === 'other_key' ? spkiOf((await generateKeyPair('rsa2048')).publicKey) : request.aikSpki,
    subjectAltName: readEkCertificate(request.ekCertificate).subjectAltName,
    serial: Buffer.from(serial.replaceAll('-', ''), 'hex'),
    issuer: defect === 'wrong_issuer' ? await strangeAuthority(now) : ra.issuing,
    issuerUrl: ra.issuerUrl,
    withoutPolicy: defect === 'no_policy_oid',
  };
  if (defect === 'expired')
    return issueAikCertificate({
      ...template,
      notBefore: new Date(now.getTime() - YEAR_MS),
      notAfter: new Date(now.getTime() - MINUTE_MS),
    });
  return issueAikCertificate({ ...template, notBefore });
}

const wholeSecond = (time: Date): number => Math.floor(time.getTime() / 1000) * 1000;

/** An authority that nobody knows. */
async function strangeAuthority(now: Date) {
  const keys = await generateKeyPair('ec-p256');
  const name = commonName('Unknown Authority');
  const certificate = issueCertificate({
    issuer: name,
    subject: name,
    notBefore: new Date(now.getTime() - YEAR_MS),
    notAfter: new Date(now.getTime() + YEAR_MS),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    extensions: [],
  });
  return { certificate, privateKey: keys.privateKey };
}
