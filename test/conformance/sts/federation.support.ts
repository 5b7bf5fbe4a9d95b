import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { basicConstraints, commonName, issueCertificate } from '@greenscreen/crypto/x509';
import { createHash, type KeyObject, randomUUID, sign } from 'node:crypto';

/** A company's own identity provider, as far as the cloud ever sees it. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly keys: KeyPair;
  /** DER. */
  readonly certificate: Buffer;
}

export async function identityProvider(): Promise<IdentityProvider> {
  const keys = await generateKeyPair('rsa2048');
  const name = commonName('ADFS Signing - sts.corp.example');
  const certificate = issueCertificate({
    issuer: name,
    subject: name,
    notBefore: new Date(0),
    notAfter: new Date('2049-01-01T00:00:00Z'),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    extensions: [basicConstraints(false)],
  });
  return { issuer: `http://sts-${randomUUID()}.corp.example/adfs/services/trust/`, keys, certificate };
}

export interface AssertionOptions {
  readonly upn: string;
  readonly issuer: string;
  readonly audience?: string;
  readonly notBefore?: Date;
  readonly notOnOrAfter?: Date;
  readonly method?: string;
  /** Values of the claim `authnmethodsreferences`. */
  readonly methods?: readonly string[];
  readonly id?: string;
}

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const PASSWORD = 'urn:oasis:names:tc:SAML:1.0:am:password';
const SECOND = 1000;

const attribute = (namespace: string, name: string, values: readonly string[]): string =>
  `<saml:Attribute AttributeName="${name}" AttributeNamespace="${namespace}">${values
    .map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`)
    .join('')}</saml:Attribute>`;

/** An assertion, written as its own canonical form, so that signing it needs none of anybody's canonicalization. */
export function assertionXml(
  {
    upn,
    issuer,
    audience = 'urn:federation:MicrosoftOnline',
    notBefore = new Date(Date.now() - 60 * SECOND),
    notOnOrAfter = new Date(Date.now() + 3600 * SECOND),
    method = PASSWORD,
    methods = [],
    id = '_a1',
  }: AssertionOptions,
  signature = '',
): string {
  const at = new Date(Date.now() - 30 * SECOND).toISOString();
  const claims =
    attribute('http://schemas.xmlsoap.org/claims', 'UPN', [upn]) +
    (methods.length > 0 ? attribute('http://schemas.microsoft.com/claims', 'authnmethodsreferences', methods) : '');
  return (
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" AssertionID="${id}" IssueInstant="${at}" Issuer="${issuer}" MajorVersion="1" MinorVersion="1">` +
    `<saml:Conditions NotBefore="${notBefore.toISOString()}" NotOnOrAfter="${notOnOrAfter.toISOString()}"><saml:AudienceRestrictionCondition><saml:Audience>${audience}</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>` +
    `<saml:AttributeStatement><saml:Subject><saml:NameIdentifier Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">QWRh</saml:NameIdentifier></saml:Subject>${claims}</saml:AttributeStatement>` +
    `<saml:AuthenticationStatement AuthenticationInstant="${at}" AuthenticationMethod="${method}"><saml:Subject><saml:NameIdentifier>QWRh</saml:NameIdentifier></saml:Subject></saml:AuthenticationStatement>` +
    `${signature}</saml:Assertion>`
  );
}

/** The signature over an assertion that has none yet; `keyInfo` is put in as it is. */
export function signatureXml(canonical: string, key: KeyObject, { id = '_a1', keyInfo = '' } = {}): string {
  const digest = createHash('sha256').update(canonical, 'utf8').digest('base64');
  const algorithm = (name: string, uri: string): string => `<ds:${name} Algorithm="${uri}"></ds:${name}>`;
  const signedInfo =
    `<ds:SignedInfo xmlns:ds="${DS}">` +
    algorithm('CanonicalizationMethod', EXCLUSIVE) +
    algorithm('SignatureMethod', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256') +
    `<ds:Reference URI="#${id}"><ds:Transforms>${algorithm('Transform', `${DS}enveloped-signature`)}${algorithm('Transform', EXCLUSIVE)}</ds:Transforms>` +
    `${algorithm('DigestMethod', 'http://www.w3.org/2001/04/xmlenc#sha256')}<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`;
  const value = sign('sha256', Buffer.from(signedInfo, 'utf8'), key).toString('base64');
  return `<ds:Signature xmlns:ds="${DS}">${signedInfo}<ds:SignatureValue>${value}</ds:SignatureValue>${keyInfo}</ds:Signature>`;
}

/** An assertion as the identity provider hands it out. */
export function signedAssertion(options: AssertionOptions, key: KeyObject, { keyInfo = '' } = {}): string {
  const id = options.id ?? '_a1';
  const bare = assertionXml(options);
  return bare.replace('</saml:Assertion>', `${signatureXml(bare, key, { id, keyInfo })}</saml:Assertion>`);
}

export const base64 = (xml: string): string => Buffer.from(xml, 'utf8').toString('base64');

/** What the identity provider's page posts back: the answer of a WS-Trust service with the assertion in it. */
export const wresultOf = (assertion: string): string =>
  `<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><t:Lifetime></t:Lifetime><t:RequestedSecurityToken>${assertion}</t:RequestedSecurityToken></t:RequestSecurityTokenResponse>`;
