import { childOf, childrenOf, childText, descendantsOf, isElement, type Markup, xml, type XmlElement } from '../xml/index.js';
import { decodeSoap, SoapError } from '../soap/index.js';
import { MsaMessageError } from './error.js';
import { msaTime, ns, trustActions } from './namespaces.js';
import { passportHeader } from './token-fault.codec.js';
import { encryptedDeviceToken } from './token-request.codec.js';

export interface IssuedToken {
  /** As asked for. */
  readonly address: string;
  readonly created: Date;
  readonly expires: Date;
  readonly token:
    | { readonly kind: 'compact'; readonly text: string }
    /** The device's own token, with the secret that its holder may sign with. */
    | { readonly kind: 'legacy'; readonly text: string; readonly secret: Buffer };
}

/** `X-Device-Token` and its kin: what a service ticket is called on the wire. */
const COMPACT = 'urn:passport:compact';
const LEGACY = 'urn:passport:legacy';

/** `Action`, `To` and the `Timestamp` are in the header because a client insists on them [client: xodus]. */
export function encodeTokenResponse(tokens: readonly IssuedToken[], now: Date): Buffer {
  const answers = tokens.map(answerMarkup);
  const body =
    answers.length === 1
      ? answers
      : xml`<wst:RequestSecurityTokenResponseCollection>${answers}</wst:RequestSecurityTokenResponseCollection>`;
  return xml`<S:Envelope xmlns:S="${ns.soap12}" xmlns:wst="${ns.trust}" xmlns:wsp="${ns.policy}" xmlns:wsa="${ns.addressing}" xmlns:wsse="${ns.security}" xmlns:wsu="${ns.utility}"><S:Header><wsa:Action S:mustUnderstand="1">${trustActions.response}</wsa:Action><wsa:To S:mustUnderstand="1">${ns.addressing}/anonymous</wsa:To><wsse:Security S:mustUnderstand="1"><wsu:Timestamp wsu:Id="TS">${period(now, new Date(now.getTime() + FIVE_MINUTES))}</wsu:Timestamp></wsse:Security>${passportHeader({ now })}</S:Header><S:Body>${body}</S:Body></S:Envelope>`.toBuffer();
}

const FIVE_MINUTES = 300_000;

const period = (created: Date, expires: Date): Markup =>
  xml`<wsu:Created>${msaTime(created)}</wsu:Created><wsu:Expires>${msaTime(expires)}</wsu:Expires>`;

function answerMarkup({ address, created, expires, token }: IssuedToken, index: number): Markup {
  const type = token.kind === 'compact' ? COMPACT : LEGACY;
  const requested =
    token.kind === 'compact'
      ? xml`<wst:RequestedSecurityToken><wsse:BinarySecurityToken Id="${`Compact${index}`}">${token.text}</wsse:BinarySecurityToken></wst:RequestedSecurityToken>`
      : xml`<wst:RequestedSecurityToken>${encryptedDeviceToken(`BinaryDAToken${index}`, token.text)}</wst:RequestedSecurityToken><wst:RequestedProofToken><wst:BinarySecret>${token.secret.toString('base64')}</wst:BinarySecret></wst:RequestedProofToken>`;
  return xml`<wst:RequestSecurityTokenResponse><wst:TokenType>${type}</wst:TokenType><wsp:AppliesTo><wsa:EndpointReference><wsa:Address>${address}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo><wst:Lifetime>${period(created, expires)}</wst:Lifetime>${requested}</wst:RequestSecurityTokenResponse>`;
}

/** A token as the client receives it. */
export interface ReceivedToken {
  readonly address: string;
  readonly expires: Date;
  /** The compact ticket, or the device token's `CipherValue`. */
  readonly text: string;
  readonly kind: 'compact' | 'legacy';
}

/** The tokens of an answer in its order; throws {@link MsaMessageError} when it is none (a fault is another codec's matter). */
export function decodeTokenResponse(bytes: Uint8Array): ReceivedToken[] {
  const body = bodyOf(bytes);
  const answers = isElement(body, ns.trust, 'RequestSecurityTokenResponse')
    ? [body]
    : childrenOf(body, ns.trust, 'RequestSecurityTokenResponse');
  if (answers.length === 0) throw new MsaMessageError('no RequestSecurityTokenResponse');
  return answers.map(tokenOf);
}

function bodyOf(bytes: Uint8Array): XmlElement {
  try {
    return decodeSoap(bytes).body;
  } catch (error) {
    if (error instanceof SoapError) throw new MsaMessageError(error.message, { cause: error });
    throw error;
  }
}

function tokenOf(answer: XmlElement): ReceivedToken {
  const requested = childOf(answer, ns.trust, 'RequestedSecurityToken');
  const compact = requested && childText(requested, ns.security, 'BinarySecurityToken');
  const sealed = requested && descendantsOf(requested, ns.encryption, 'CipherValue')[0]?.text.trim();
  const lifetime = childOf(answer, ns.trust, 'Lifetime');
  const expires = new Date((lifetime && childText(lifetime, ns.utility, 'Expires')) ?? '');
  const text = compact ?? sealed;
  if (!text || Number.isNaN(expires.getTime())) throw new MsaMessageError('an answer without a token');
  const address = descendantsOf(answer, ns.addressing, 'Address')[0]?.text.trim() ?? '';
  return { address, expires, text, kind: compact === undefined ? 'legacy' : 'compact' };
}
