import { attributeOf, childOf, childrenOf, childText, type Markup, xml, type XmlElement } from '../xml/index.js';
import {
  BASE64_BINARY,
  decodeBinaryToken,
  decodeLooseBase64,
  encodeSoapRequest,
  encodeTokenHeader,
  ns,
  SoapError,
  type SoapMessage,
} from '../soap/index.js';
import { type ContextItem, modeFlags } from './context-items.js';
import { csrTypes, DEVICE_ENROLLMENT_TOKEN, requestTypes, RST_MESSAGE_ID, rstActions } from './identifiers.js';

/** RequestSecurityToken (MS-WSTEP 3.1.4.1.2.5 as MS-MDE2 3.3 profiles it). */
export interface RequestSecurityToken {
  readonly tokenType: string;
  readonly requestType: string;
  /** The certificate request, or undefined when it is missing or not base64: what that means is for the CA to say. */
  readonly request: { readonly valueType: string; readonly der: Buffer } | undefined;
  readonly context: readonly ContextItem[];
}

/**
 * Reads a RequestSecurityToken.
 *
 * @throws {SoapError} when the body is something else
 */
export function decodeRequestSecurityToken({ body }: SoapMessage): RequestSecurityToken {
  if (body.namespace !== ns.trust || body.name !== 'RequestSecurityToken') throw new SoapError('not a RequestSecurityToken');
  const context = childOf(body, ns.authorization, 'AdditionalContext');
  return {
    tokenType: childText(body, ns.trust, 'TokenType') ?? '',
    requestType: childText(body, ns.trust, 'RequestType') ?? '',
    request: decodeRequest(childOf(body, ns.security, 'BinarySecurityToken')),
    context: context ? childrenOf(context, ns.authorization, 'ContextItem').map(decodeItem) : [],
  };
}

function decodeRequest(token: XmlElement | undefined): RequestSecurityToken['request'] {
  try {
    return token && { ...decodeBinaryToken(token), der: decodeLooseBase64(token.text) };
  } catch (error) {
    if (error instanceof SoapError) return undefined;
    throw error;
  }
}

function decodeItem(item: XmlElement): ContextItem {
  const name = (attributeOf(item, 'Name') ?? attributeOf(item, 'Name', ns.authorization))?.trim();
  if (!name) throw new SoapError('ContextItem without a name');
  return { name, value: childText(item, ns.authorization, 'Value') ?? '' };
}

export interface IssueCall {
  readonly to: string;
  readonly token: { readonly valueType: string; readonly text: string };
  /** PKCS#10, DER. */
  readonly csr: Buffer;
  readonly context: readonly ContextItem[];
}

/** A request for a new certificate as the native client sends it. */
export function encodeIssueRequest({ to, token, csr, context }: IssueCall): Buffer {
  const items = xml`<ac:AdditionalContext xmlns="${ns.authorization}">${context.map(encodeItem)}</ac:AdditionalContext>`;
  return encodeRst(to, encodeTokenHeader(token.valueType, token.text), requestTypes.issue, csrTypes.pkcs10, csr, items);
}

/** A renewal: the current certificate signs the new request, and TLS carries it; no token (reference 04, 3.8). */
export function encodeRenewRequest(to: string, signedData: Buffer): Buffer {
  return encodeRst(to, undefined, requestTypes.renew, csrTypes.pkcs7, signedData);
}

function encodeRst(to: string, header: Markup | undefined, requestType: string, valueType: string, der: Buffer, context?: Markup): Buffer {
  return encodeSoapRequest({
    action: rstActions.request,
    messageId: RST_MESSAGE_ID,
    to,
    namespaces: { a: ns.addressing, u: ns.utility, wsse: ns.security, wst: ns.trust, ac: ns.authorization, s: ns.soap12 },
    ...(header ? { header } : {}),
    body: xml`<wst:RequestSecurityToken><wst:TokenType>${DEVICE_ENROLLMENT_TOKEN}</wst:TokenType><wst:RequestType>${requestType}</wst:RequestType><wsse:BinarySecurityToken ValueType="${valueType}" EncodingType="${BASE64_BINARY}">${der.toString('base64')}</wsse:BinarySecurityToken>${context}</wst:RequestSecurityToken>`,
  }).toBuffer();
}

const spaced: readonly string[] = modeFlags;

/** Windows writes the mode flags with spaces around the equals sign (reference 04, 0.2 rule 6 [win-static]). */
function encodeItem({ name, value }: ContextItem): Markup {
  return spaced.includes(name)
    ? xml`<ac:ContextItem Name = ${quoted(name)}><ac:Value>${value}</ac:Value></ac:ContextItem>`
    : xml`<ac:ContextItem Name="${name}"><ac:Value>${value}</ac:Value></ac:ContextItem>`;
}

const quoted = (name: string): Markup => xml`"${name}"`;
