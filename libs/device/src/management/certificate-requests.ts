import { commonName, ekuOids, extendedKeyUsage, issueCertificate, keyUsage } from '@greenscreen/crypto/x509';
import { type QueuedCertificate } from '../csp/index.js';
import { type DeviceContext, hresultOfStatus, NetworkError } from '../context/index.js';

export type RequestContext = Pick<DeviceContext, 'network' | 'clock' | 'keys' | 'stores' | 'timeline'>;
export type RequestOutcome = { readonly thumbprint: string } | { readonly hresult: number };

const YEAR_MS = 365 * 86_400_000;

/**
 * A SCEP profile's request (06 D-B52): a lab has no NDES, so whoever answers at its address with 200 is taken for one, and the PC makes itself
 * the certificate that would have come. Anything else is the error that the profile records.
 */
export async function requestCertificate(context: RequestContext, { serverUrl, subjectName }: QueuedCertificate): Promise<RequestOutcome> {
  const url = `${serverUrl}${serverUrl.includes('?') ? '&' : '?'}operation=GetCACaps&message=default`;
  try {
    const response = await context.network.http({ service: 'content', operation: 'Scep', method: 'GET', url });
    if (response.status !== 200) return { hresult: hresultOfStatus(response.status) };
  } catch (error) {
    if (error instanceof NetworkError) return { hresult: error.hresult };
    throw error;
  }
  return { thumbprint: await installLabCertificate(context, subjectName) };
}

async function installLabCertificate({ clock, keys, stores, timeline }: RequestContext, subjectName: string): Promise<string> {
  const { publicKey, privateKey } = await keys.take('rsa2048');
  const subject = commonName(/CN=([^,]+)/i.exec(subjectName)?.[1]?.trim() ?? subjectName, 'utf8');
  const notBefore = clock.now();
  const der = issueCertificate({
    issuer: commonName('Greenscreen lab certificate', 'utf8'),
    subject,
    notBefore,
    notAfter: new Date(notBefore.getTime() + YEAR_MS),
    publicKey,
    signingKey: privateKey,
    extensions: [keyUsage(['digitalSignature', 'keyEncipherment']), extendedKeyUsage([ekuOids.clientAuth])],
  });
  timeline.note({ kind: 'local', what: `A certificate for ${subjectName} was installed` });
  return stores.add('LocalMachine\\My', der, { kind: 'software', key: privateKey }).thumbprint;
}
