import { attributeOf, childOf, childText, type Markup, xml, type XmlElement } from '../xml/index.js';
import { decodeLooseBase64 } from './base64.js';
import { SoapError } from './error.js';
import { BASE64_BINARY, ns } from './namespaces.js';

/** `ValueType` of a BinarySecurityToken in the header (reference 04, 2.2). */
export const tokenTypes = {
  /** base64 of a compact JWT of Entra. */
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
  /** base64 of an opaque text: `wresult` of the web sign-in, or Fleet's token. */
  user: 'http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentUserToken',
  certificate: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3',
} as const;

/** `Type` of a UsernameToken's password. */
export const PASSWORD_TEXT = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText';

/** What a request proves itself with. */
export type SecurityCredential =
  | { readonly kind: 'token'; readonly valueType: string; readonly text: string }
  | { readonly kind: 'username'; readonly username: string; readonly password: string };

/**
 * The credential of the WS-Security header; undefined when there is none. Attributes may be namespaced or not (Learn and Windows differ).
 *
 * @throws {SoapError} for a header that cannot be read: empty token, unknown EncodingType, not base64
 */
export function decodeSecurityHeader(header: XmlElement | undefined): SecurityCredential | undefined {
  const security = header && childOf(header, ns.security, 'Security');
  const token = security && childOf(security, ns.security, 'BinarySecurityToken');
  if (token) return { kind: 'token', ...decodeBinaryToken(token), text: tokenText(token) };
  const user = security && childOf(security, ns.security, 'UsernameToken');
  if (!user) return undefined;
  const username = childText(user, ns.security, 'Username');
  const password = childOf(user, ns.security, 'Password');
  if (!username || !password) throw new SoapError('UsernameToken without name or password');
  return { kind: 'username', username, password: password.text };
}

/** `ValueType` of a BinarySecurityToken, its encoding checked. */
export function decodeBinaryToken(token: XmlElement): { valueType: string } {
  const encoding = eitherAttribute(token, 'EncodingType');
  if (encoding?.toLowerCase() !== BASE64_BINARY.toLowerCase()) throw new SoapError('unknown EncodingType');
  return { valueType: eitherAttribute(token, 'ValueType') ?? '' };
}

function tokenText(token: XmlElement): string {
  const text = decodeLooseBase64(token.text).toString('utf8').trim();
  if (text === '') throw new SoapError('empty BinarySecurityToken');
  return text;
}

const eitherAttribute = (element: XmlElement, name: string): string | undefined =>
  (attributeOf(element, name) ?? attributeOf(element, name, ns.security))?.trim();

/** The header of a native request: attributes without namespace (reference 04, 2.2). */
export const encodeTokenHeader = (valueType: string, text: string): Markup =>
  xml`<wsse:Security s:mustUnderstand="1"><wsse:BinarySecurityToken ValueType="${valueType}" EncodingType="${BASE64_BINARY}">${Buffer.from(text, 'utf8').toString('base64')}</wsse:BinarySecurityToken></wsse:Security>`;

/** The header of AuthPolicy OnPremise; the password's type is the one namespaced attribute (reference 04, 2.2 [win-capture]). */
export const encodeUsernameHeader = (id: string, username: string, password: string): Markup =>
  xml`<wsse:Security s:mustUnderstand="1"><wsse:UsernameToken u:Id="${id}"><wsse:Username>${username}</wsse:Username><wsse:Password wsse:Type="${PASSWORD_TEXT}">${password}</wsse:Password></wsse:UsernameToken></wsse:Security>`;
