import { type Csr, CsrError, decodeCsr, verifyCsr } from '@greenscreen/crypto/pkcs10';
import {
  attribute,
  basicConstraints,
  dnsNames,
  ekuOids,
  extendedKeyUsage,
  issueCertificate,
  keyUsage,
  knownCertificate,
  type Name,
} from '@greenscreen/crypto/x509';
import { type AuthorityStore } from '@greenscreen/host/authority';
import { msOrganizationP2pAccess } from '@greenscreen/host/authority/definitions';
import { Fault } from '@greenscreen/host/faults';
import { p2pCsrType } from '@greenscreen/wire/oauth';
import { requiredMember, type SignedRequest } from './signed-request.js';

/** Smart card logon. */
const SMART_CARD_LOGON = '1.3.6.1.4.1.311.20.2.2';
const FIVE_MINUTES_MS = 5 * 60_000;

/** What a P2P certificate says (reference 02, 8.3 [our choice where the clients do not show it]). */
export interface P2pSubject {
  /** Names from the last displayed to the first: Windows shows an X.500 name from its end, and a client takes the first component. */
  readonly subject: Name;
  readonly lifetimeMs: number;
  readonly dnsNames?: readonly string[];
  readonly purpose: 'device' | 'user';
}

const text = (type: 'cn' | 'dc', value: string) => [attribute(type, value, type === 'dc' ? 'ia5' : 'utf8')];

/** `CN=<deviceId>, DC=<tid>`, one day. */
export const p2pDeviceSubject = (deviceId: string, tenantId: string, names: readonly string[]): P2pSubject => ({
  subject: [text('dc', tenantId), text('cn', deviceId)],
  lifetimeMs: 86_400_000,
  dnsNames: names,
  purpose: 'device',
});

/** `CN=<upn>, CN=S-1-12-1-…, DC=<tid>`, one hour. */
export const p2pUserSubject = (upn: string, sid: string, tenantId: string): P2pSubject => ({
  subject: [text('dc', tenantId), text('cn', sid), text('cn', upn)],
  lifetimeMs: 3_600_000,
  purpose: 'user',
});

/** The request's CSR: DER in standard base64, self-signed. Its subject is not used. AADSTS90023 when it is unusable. */
export function csrOf(signed: SignedRequest): Csr {
  const type = signed.text('csr_type');
  if (type !== undefined && type !== p2pCsrType) throw new Fault('sts.90023');
  try {
    const csr = decodeCsr(Buffer.from(requiredMember(signed, 'csr'), 'base64'));
    if (!verifyCsr(csr)) throw new Fault('sts.90023');
    return csr;
  } catch (error) {
    if (error instanceof CsrError) throw new Fault('sts.90023', {}, { cause: error });
    throw error;
  }
}

/** `x5c` and `x5c_ca`: certificate and issuer, standard base64. */
export async function issueP2p(
  authorities: AuthorityStore,
  csr: Csr,
  what: P2pSubject,
  now: Date,
): Promise<{ x5c: string; x5c_ca: string }> {
  const authority = await authorities.get(msOrganizationP2pAccess);
  const names = what.dnsNames ?? [];
  const der = issueCertificate({
    issuer: knownCertificate(authority.certificate).subject.raw,
    subject: what.subject,
    notBefore: new Date(now.getTime() - FIVE_MINUTES_MS),
    notAfter: new Date(now.getTime() + what.lifetimeMs),
    publicKey: csr.spki,
    signingKey: authority.privateKey,
    extensions: [
      basicConstraints(false),
      keyUsage(['digitalSignature', 'keyEncipherment']),
      extendedKeyUsage(what.purpose === 'device' ? [ekuOids.serverAuth, ekuOids.clientAuth] : [ekuOids.clientAuth, SMART_CARD_LOGON]),
      ...(names.length > 0 ? [dnsNames(names)] : []),
    ],
  });
  return { x5c: der.toString('base64'), x5c_ca: authority.certificate.toString('base64') };
}
