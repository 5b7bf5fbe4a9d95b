import { descendantsOf, parseXml, xml, type XmlElement, XmlError } from '../xml/index.js';
import { BASE64_BINARY, decodeLooseBase64, encodeSoapAnswer, ns, SoapError } from '../soap/index.js';
import { DEVICE_ENROLLMENT_TOKEN, PROVISION_DOC, rstActions } from './identifiers.js';

export interface ResponseCollection {
  readonly relatesTo?: string | undefined;
  /** Timestamp of the security header; five minutes long. */
  readonly created: Date;
  /** The provisioning document, in one line: newlines and tabs break clients (reference 04, 3.4). */
  readonly document: Buffer;
}

const LIFETIME_MS = 5 * 60_000;

/** RequestSecurityTokenResponseCollection: both default namespaces are mandatory, Windows' XPath hangs on them (reference 04, 3.4). */
export function encodeResponseCollection({ relatesTo, created, document }: ResponseCollection): Buffer {
  const expires = new Date(created.getTime() + LIFETIME_MS);
  return encodeSoapAnswer({
    action: rstActions.response,
    relatesTo,
    header: xml`<o:Security s:mustUnderstand="1" xmlns:o="${ns.security}"><u:Timestamp u:Id="_0"><u:Created>${created.toISOString()}</u:Created><u:Expires>${expires.toISOString()}</u:Expires></u:Timestamp></o:Security>`,
    body: xml`<RequestSecurityTokenResponseCollection xmlns="${ns.trust}"><RequestSecurityTokenResponse><TokenType>${DEVICE_ENROLLMENT_TOKEN}</TokenType><DispositionMessage xmlns="${ns.enrollment}"></DispositionMessage><RequestedSecurityToken><BinarySecurityToken xmlns="${ns.security}" ValueType="${PROVISION_DOC}" EncodingType="${BASE64_BINARY}">${document.toString('base64')}</BinarySecurityToken></RequestedSecurityToken><RequestID xmlns="${ns.enrollment}">0</RequestID></RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection>`,
  }).toBuffer();
}

const PATH: readonly (readonly [string, string])[] = [
  [ns.trust, 'RequestSecurityTokenResponseCollection'],
  [ns.trust, 'RequestSecurityTokenResponse'],
  [ns.trust, 'RequestedSecurityToken'],
  [ns.security, 'BinarySecurityToken'],
];

/**
 * The provisioning document by Windows' XPath
 * `//wst:RequestSecurityTokenResponseCollection//wst:RequestSecurityTokenResponse//wst:RequestedSecurityToken//wsse:BinarySecurityToken`.
 *
 * @throws {SoapError} when nothing is there
 */
export function decodeResponseCollection(bytes: Uint8Array): Buffer {
  let found: XmlElement[] = [{ namespace: '', name: '', attributes: [], text: '', children: [parse(bytes)] }];
  for (const [namespace, name] of PATH) found = found.flatMap((element) => descendantsOf(element, namespace, name));
  const [token] = found;
  if (!token) throw new SoapError('no RequestSecurityTokenResponseCollection with a token');
  return decodeLooseBase64(token.text);
}

function parse(bytes: Uint8Array): XmlElement {
  try {
    return parseXml(bytes);
  } catch (error) {
    if (error instanceof XmlError) throw new SoapError(error.message, { cause: error });
    throw error;
  }
}
