import { type Certificate, CertificateError, decodeCertificate, isSignedBy, issuerAddresses } from '@greenscreen/crypto/x509';
import { AMD_EK_HOST } from '@greenscreen/wire/ek-services';
import { NetworkError } from '../../context/index.js';
import { type AttestContext } from '../attest-context.js';

/** No vendor's chain is longer (reference 03, 1.6). */
const LONGEST = 8;

/**
 * The authorities above an EK certificate, nearest first, as far as their addresses lead (reference 03, 2.6). What is not there or does not
 * fit ends the search and is nobody's failure: the service may know it.
 */
export async function findIssuers(context: Pick<AttestContext, 'network'>, leaf: Certificate): Promise<Certificate[]> {
  const found: Certificate[] = [];
  for (let current: Certificate | undefined = leaf; current && found.length < LONGEST;) {
    const below: Certificate = current;
    current = isSelfIssued(below) ? undefined : await findIssuer(context, below);
    if (current) found.push(current);
  }
  return found;
}

const isSelfIssued = ({ subject, issuer }: Certificate): boolean => subject.raw.equals(issuer.raw);

async function findIssuer(context: Pick<AttestContext, 'network'>, subject: Certificate): Promise<Certificate | undefined> {
  for (const url of addressesOf(subject)) {
    const issuer = await download(context, url);
    if (issuer && hasIssued(issuer, subject)) return issuer;
  }
  return undefined;
}

function addressesOf(certificate: Certificate): string[] {
  try {
    return issuerAddresses(certificate).filter((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol));
  } catch (error) {
    if (error instanceof CertificateError) return [];
    throw error;
  }
}

async function download({ network }: Pick<AttestContext, 'network'>, url: string): Promise<Certificate | undefined> {
  const ofAmd = new URL(url).host.toLowerCase() === AMD_EK_HOST;
  try {
    const { status, body } = await network.http({
      ...(ofAmd ? { service: 'ek-amd', operation: 'EkFetch' } : { service: 'ek-pki', operation: 'Certificate' }),
      url,
    });
    return status === 200 ? decodeCertificate(body) : undefined;
  } catch (error) {
    if (error instanceof NetworkError || error instanceof CertificateError) return undefined;
    throw error;
  }
}

function hasIssued(issuer: Certificate, subject: Certificate): boolean {
  try {
    return issuer.subject.raw.equals(subject.issuer.raw) && isSignedBy(subject, issuer.publicKey);
  } catch (error) {
    if (error instanceof CertificateError) return false;
    throw error;
  }
}
