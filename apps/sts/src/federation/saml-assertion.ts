import { X509Certificate } from 'node:crypto';
import { extractElement, verifyEnvelopedSignature, XmlSignatureError } from '@greenscreen/crypto/xml-signature';
import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type DirectoryUser, Tenant, TenantDomain } from '@greenscreen/model/tenancy';
import { decodeSamlAssertion, SAML_ID, SAML_NAMESPACE, type SamlAssertion, SamlFormatError } from '@greenscreen/wire/saml';
import { type StsServices } from '../sts-services.js';
import { FEDERATION_AUDIENCE } from './identity-provider.js';
import { findUser, requireEnabled } from '../tenancy/password.js';
import { domainOf } from '../tenancy/tenant-segment.js';

const SECOND_FACTOR = 'http://schemas.microsoft.com/claims/multipleauthn';
/** `amr` of a method; any other counts as a password. */
const INTEGRATED = new Set([
  'urn:federation:authentication:windows',
  'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/windows',
]);
/** Clocks of identity providers may differ so far, milliseconds [our choice]. */
const TOLERANCE_MS = 300_000;

/** A user for whom his own organization's identity provider vouches. */
export interface FederatedSignIn {
  readonly tenant: Tenant;
  readonly user: DirectoryUser;
  readonly amr: readonly string[];
  readonly authenticatedAt: Date;
  readonly now: Date;
}

/**
 * Whom a SAML assertion is about (reference 02, 4.1 and 7.1): signed by the identity provider of a federated domain, for us, of now, about a
 * user of that domain. Unreadable is AADSTS50008, an unknown issuer 50107, everything else that is wrong with it 50013. Users are found by
 * UPN; the real service finds them by their ImmutableId.
 *
 * @param xml the assertion
 * @param expected the tenant that the request is for, when it names one
 */
export async function federatedSignIn(sts: StsServices, xml: string, expected: Tenant | undefined): Promise<FederatedSignIn> {
  const { issuer } = readable(() => decodeSamlAssertion(xml));
  const domain = await domainOfIssuer(sts, issuer);
  const signed = readable(() => decodeSamlAssertion(verifyEnvelopedSignature(xml, signingCertificate(domain), SAML_ID)));
  const tenant = await sts.em.findOneByOrFail(Tenant, { id: domain.tenantId });
  if (expected && expected.id !== tenant.id) throw new Fault('sts.50013');
  currentExchange().tenantId = tenant.id;
  const now = await sts.clock.now(tenant.id);
  requireForUsAndNow(signed, now);
  if (domainOf(signed.upn) !== domain.domain) throw new Fault('sts.50013');
  const user = await findUser(sts.em, tenant, signed.upn);
  requireEnabled(user);
  return { tenant, user, amr: amrOf(signed), authenticatedAt: signed.authenticatedAt, now };
}

/** The XML of an `assertion` parameter: base64 in either alphabet. */
export const samlOfParameter = (assertion: string): string => Buffer.from(assertion, 'base64').toString('utf8');

/** The assertion in a `wresult`, which is the answer of a WS-Trust service. */
export const samlOfResult = (wresult: string): string => readable(() => extractElement(wresult, SAML_NAMESPACE, 'Assertion'));

function readable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SamlFormatError) throw new Fault('sts.50008', {}, { cause: error });
    if (error instanceof XmlSignatureError)
      throw new Fault(error.problem === 'malformed' ? 'sts.50008' : 'sts.50013', {}, { cause: error });
    throw error;
  }
}

async function domainOfIssuer({ em }: StsServices, issuer: string): Promise<TenantDomain> {
  const domain = await em
    .createQueryBuilder(TenantDomain, 'domain')
    .where("domain.authentication = 'Federated' AND domain.federation->>'issuer' = :issuer", { issuer })
    .getOne();
  if (!domain) throw new Fault('sts.50107', { realm: issuer });
  return domain;
}

function signingCertificate({ federation }: TenantDomain): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(federation?.signingCertificate ?? '', 'base64'));
  } catch (error) {
    throw new Fault('sts.50013', {}, { cause: error });
  }
}

function requireForUsAndNow({ audiences, notBefore, notOnOrAfter }: SamlAssertion, now: Date): void {
  const at = now.getTime();
  if (!audiences.includes(FEDERATION_AUDIENCE)) throw new Fault('sts.50013');
  if (at + TOLERANCE_MS < notBefore.getTime() || at - TOLERANCE_MS >= notOnOrAfter.getTime()) throw new Fault('sts.50013');
}

function amrOf({ methods: [first = '', ...more] }: SamlAssertion): string[] {
  const primary = INTEGRATED.has(first) ? 'wia' : 'pwd';
  return [first, ...more].includes(SECOND_FACTOR) ? [primary, 'mfa'] : [primary];
}
