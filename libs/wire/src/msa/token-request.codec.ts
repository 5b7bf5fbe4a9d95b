import { childOf, childrenOf, childText, descendantsOf, isElement, type Markup, xml, type XmlElement } from '../xml/index.js';
import { decodeSoap, SoapError, type SoapMessage } from '../soap/index.js';
import { MsaMessageError } from './error.js';
import { ISSUE_REQUEST_TYPE, msaAddresses, msaTime, ns, trustActions } from './namespaces.js';

/** How the request proves whose it is (reference 01, 4.2). */
export type TokenCredential =
  | { readonly kind: 'password'; readonly membername: string; readonly password: string }
  /** A name and an XML signature by the device's key. */
  | { readonly kind: 'signature'; readonly membername: string }
  /** `CipherValue` of the device token that an earlier request brought. */
  | { readonly kind: 'device-token'; readonly token: string };

export interface TokenRequest {
  readonly messageId?: string;
  readonly credential: TokenCredential;
  readonly created: Date;
  readonly expires: Date;
  /** Address of each service that a token is wanted for, as sent; at least one. */
  readonly addresses: readonly string[];
}

/** Throws {@link MsaMessageError} for anything but an Issue request with a credential and a Timestamp. */
export function decodeTokenRequest(bytes: Uint8Array): TokenRequest {
  const message = envelopeOf(bytes);
  const security = message.header && childOf(message.header, ns.security, 'Security');
  if (!security) throw new MsaMessageError('no Security header');
  const { messageId } = message;
  return {
    ...(messageId === undefined ? {} : { messageId }),
    credential: credentialOf(security),
    ...timestampOf(security),
    addresses: requestsOf(message.body).map(addressOf),
  };
}

function envelopeOf(bytes: Uint8Array): SoapMessage {
  try {
    return decodeSoap(bytes);
  } catch (error) {
    if (error instanceof SoapError) throw new MsaMessageError(error.message, { cause: error });
    throw error;
  }
}

function credentialOf(security: XmlElement): TokenCredential {
  const sealed = childOf(security, ns.encryption, 'EncryptedData');
  const token = sealed && descendantsOf(sealed, ns.encryption, 'CipherValue')[0]?.text.trim();
  if (token) return { kind: 'device-token', token };
  const user = childOf(security, ns.security, 'UsernameToken');
  const membername = (user && childText(user, ns.security, 'Username')) ?? '';
  if (!user || membername === '') throw new MsaMessageError('no credential');
  const password = childOf(user, ns.security, 'Password')?.text;
  if (password !== undefined) return { kind: 'password', membername, password };
  if (childOf(security, ns.signature, 'Signature')) return { kind: 'signature', membername };
  throw new MsaMessageError('no credential');
}

function timestampOf(security: XmlElement): { created: Date; expires: Date } {
  const timestamp = childOf(security, ns.utility, 'Timestamp');
  const time = (name: string): Date => new Date((timestamp && childText(timestamp, ns.utility, name)) ?? '');
  const stamp = { created: time('Created'), expires: time('Expires') };
  if (Number.isNaN(stamp.created.getTime()) || Number.isNaN(stamp.expires.getTime())) throw new MsaMessageError('no usable Timestamp');
  return stamp;
}

/** One request, or several in the wrapper of the native client. */
function requestsOf(body: XmlElement): readonly XmlElement[] {
  if (isElement(body, ns.trust, 'RequestSecurityToken')) return [body];
  const several = isElement(body, ns.passport, 'RequestMultipleSecurityTokens') ? childrenOf(body, ns.trust, 'RequestSecurityToken') : [];
  if (several.length === 0) throw new MsaMessageError('no RequestSecurityToken');
  return several;
}

function addressOf(request: XmlElement): string {
  if (childText(request, ns.trust, 'RequestType') !== ISSUE_REQUEST_TYPE) throw new MsaMessageError('not an Issue request');
  const appliesTo = childOf(request, ns.policy, 'AppliesTo');
  const address = appliesTo && descendantsOf(appliesTo, ns.addressing, 'Address')[0]?.text.trim();
  if (!address) throw new MsaMessageError('no AppliesTo address');
  return address;
}

export interface TokenCall {
  /** Seconds since the epoch in the native client; any text will do. */
  readonly messageId: string;
  readonly credential: Exclude<TokenCredential, { kind: 'signature' }>;
  readonly created: Date;
  readonly expires: Date;
  readonly addresses: readonly string[];
}

/** GUID of the token broker's host application [client: xodus]. */
const HOSTING_APP = '{DF60E2DF-88AD-4526-AE21-83D130EF0F68}';

/** A request in the native client's form, without its signature: nobody checks one here (reference 01, 4.2 [our choice]). */
export function encodeTokenRequest({ messageId, credential, created, expires, addresses }: TokenCall): Buffer {
  const requests = addresses.map(
    (address, index) =>
      xml`<wst:RequestSecurityToken Id="${`RST${index}`}"><wst:RequestType>${ISSUE_REQUEST_TYPE}</wst:RequestType><wsp:AppliesTo><wsa:EndpointReference><wsa:Address>${address}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo></wst:RequestSecurityToken>`,
  );
  const body =
    requests.length === 1 ? requests : xml`<ps:RequestMultipleSecurityTokens Id="RSTS">${requests}</ps:RequestMultipleSecurityTokens>`;
  return xml`<s:Envelope xmlns:s="${ns.soap12}" xmlns:ps="${ns.passport}" xmlns:wsse="${ns.security}" xmlns:wsp="${ns.policy}" xmlns:wsu="${ns.utility}" xmlns:wsa="${ns.addressing}" xmlns:wst="${ns.trust}"><s:Header><wsa:Action s:mustUnderstand="1">${trustActions.issue}</wsa:Action><wsa:To s:mustUnderstand="1">${msaAddresses.token}</wsa:To><wsa:MessageID>${messageId}</wsa:MessageID><ps:AuthInfo Id="PPAuthInfo"><ps:HostingApp>${HOSTING_APP}</ps:HostingApp><ps:BinaryVersion>55</ps:BinaryVersion><ps:UIVersion>1</ps:UIVersion><ps:InlineUX>TokenBroker</ps:InlineUX><ps:IsAdmin>1</ps:IsAdmin><ps:ClientCapabilities>1</ps:ClientCapabilities></ps:AuthInfo><wsse:Security>${credentialMarkup(credential)}<wsu:Timestamp wsu:Id="Timestamp"><wsu:Created>${msaTime(created)}</wsu:Created><wsu:Expires>${msaTime(expires)}</wsu:Expires></wsu:Timestamp></wsse:Security></s:Header><s:Body>${body}</s:Body></s:Envelope>`.toBuffer();
}

function credentialMarkup(credential: TokenCall['credential']): Markup {
  if (credential.kind === 'password')
    return xml`<wsse:UsernameToken wsu:Id="devicesoftware"><wsse:Username>${credential.membername}</wsse:Username><wsse:Password>${credential.password}</wsse:Password></wsse:UsernameToken>`;
  return encryptedDeviceToken('devicesoftware', credential.token);
}

/** The device token in its wrapping: opaque, and named after the service that alone can read it. */
export const encryptedDeviceToken = (id: string, token: string): Markup =>
  xml`<EncryptedData xmlns="${ns.encryption}" Id="${id}" Type="${ns.encryption}Element"><EncryptionMethod Algorithm="${ns.encryption}tripledes-cbc"></EncryptionMethod><ds:KeyInfo xmlns:ds="${ns.signature}"><ds:KeyName>http://Passport.NET/STS</ds:KeyName></ds:KeyInfo><CipherData><CipherValue>${token}</CipherValue></CipherData></EncryptedData>`;
