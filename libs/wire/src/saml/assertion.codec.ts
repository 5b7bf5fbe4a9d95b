import { attributeOf, childrenOf, descendantsOf, isElement, parseXml, requireChild, type XmlElement, XmlError } from '../xml/index.js';

export const SAML_NAMESPACE = 'urn:oasis:names:tc:SAML:1.0:assertion';
const SAML = SAML_NAMESPACE;
/** What a signature refers to. */
export const SAML_ID = 'AssertionID';
const UPN = { namespace: 'http://schemas.xmlsoap.org/claims', name: 'UPN' };
/** Methods of an authentication, beside the statement's own: a second factor is told here [doc: AD FS claims]. */
const METHODS = { namespace: 'http://schemas.microsoft.com/claims', name: 'authnmethodsreferences' };

/** What an identity provider says of a user to whom it gave a SAML 1.1 assertion (reference 02, 4.1 and 7.1). */
export interface SamlAssertion {
  /** Issuer URI of the federated domain. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly notBefore: Date;
  readonly notOnOrAfter: Date;
  readonly upn: string;
  readonly authenticatedAt: Date;
  /** URIs of the methods, the statement's first. */
  readonly methods: readonly string[];
}

/** A text is no SAML 1.1 assertion, or lacks what a sign-in needs. */
export class SamlFormatError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SamlFormatError';
  }
}

/** Reads an assertion without judging it. Throws SamlFormatError. */
export function decodeSamlAssertion(xml: string): SamlAssertion {
  try {
    return assertionOf(parseXml(xml));
  } catch (error) {
    if (error instanceof XmlError) throw new SamlFormatError(error.message, { cause: error });
    throw error;
  }
}

function assertionOf(root: XmlElement): SamlAssertion {
  if (!isElement(root, SAML, 'Assertion')) throw new SamlFormatError(`${root.name} is no assertion`);
  const conditions = requireChild(root, SAML, 'Conditions');
  const statement = requireChild(root, SAML, 'AuthenticationStatement');
  return {
    issuer: required(root, 'Issuer'),
    audiences: descendantsOf(conditions, SAML, 'Audience').map(({ text }) => text.trim()),
    notBefore: instant(conditions, 'NotBefore'),
    notOnOrAfter: instant(conditions, 'NotOnOrAfter'),
    upn: requiredClaim(root),
    authenticatedAt: instant(statement, 'AuthenticationInstant'),
    methods: [required(statement, 'AuthenticationMethod'), ...claim(root, METHODS)],
  };
}

function required(element: XmlElement, name: string): string {
  const value = attributeOf(element, name);
  if (!value) throw new SamlFormatError(`${element.name} has no ${name}`);
  return value;
}

function instant(element: XmlElement, name: string): Date {
  const at = new Date(required(element, name));
  if (Number.isNaN(at.getTime())) throw new SamlFormatError(`${name} is no time`);
  return at;
}

function claim(root: XmlElement, { namespace, name }: typeof UPN): string[] {
  return childrenOf(root, SAML, 'AttributeStatement')
    .flatMap((statement) => childrenOf(statement, SAML, 'Attribute'))
    .filter((attribute) => attributeOf(attribute, 'AttributeName') === name && attributeOf(attribute, 'AttributeNamespace') === namespace)
    .flatMap((attribute) => childrenOf(attribute, SAML, 'AttributeValue').map(({ text }) => text.trim()));
}

function requiredClaim(root: XmlElement): string {
  const [upn] = claim(root, UPN);
  if (!upn) throw new SamlFormatError(`The assertion names no ${UPN.name}`);
  return upn;
}
