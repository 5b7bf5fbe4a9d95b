import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { type DeviceResponse, type ExchangeLabel, type NetworkTraits } from '../context/index.js';
import { responseOf } from './response.js';

/** How time passes on the way: a replay neither waits for an answer that will not come nor for a slow one. */
export interface Pace {
  /** Real milliseconds after which a request of this kind is given up; undefined for as long as Windows would. */
  patience(label: ExchangeLabel): number | undefined;
  /** Device time that an answer took beyond the real one. */
  latency(response: DeviceResponse): number;
  /** Lets device time pass. */
  wait(milliseconds: number, why: string): Promise<void>;
  /** How far the device's clock is from the right time: certificates are judged by it. */
  deviation(): number;
}

/** A failure with a code of Node's network stack. */
const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** The failure that the PC's network has for every request to a host, if it has one. */
export function failureOnTheWay(traits: NetworkTraits | undefined, { protocol, hostname }: URL): Error | undefined {
  if (traits?.unresolved.includes(hostname.toLowerCase())) return failure('ENOTFOUND', `getaddrinfo ENOTFOUND ${hostname}`);
  if (traits?.proxy === 'tls_inspect' && protocol === 'https:')
    return failure('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain: a proxy inspects the connection');
  return undefined;
}

const PORTAL = '<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body><form action="/login"></form></body></html>';

/** The page of a captive portal, if there is one: every request gets it, and it is a success. */
export function portalPage(traits: NetworkTraits | undefined): DeviceResponse | undefined {
  return traits?.proxy === 'html200' ? responseOf(200, { 'content-type': 'text/html' }, Buffer.from(PORTAL, 'utf8')) : undefined;
}

/** The request was given up. */
export const timedOut = (url: string): Error => failure('UND_ERR_HEADERS_TIMEOUT', `No answer from ${url}`);

/** TLS' own check of the name, and of the dates by a clock that is wrong. */
export function checkIdentity(deviation: () => number): typeof checkServerIdentity {
  return (host: string, certificate: PeerCertificate) => {
    const now = Date.now() + deviation();
    if (now < Date.parse(certificate.valid_from)) return failure('CERT_NOT_YET_VALID', 'certificate is not yet valid');
    if (now > Date.parse(certificate.valid_to)) return failure('CERT_HAS_EXPIRED', 'certificate has expired');
    return checkServerIdentity(host, certificate);
  };
}
