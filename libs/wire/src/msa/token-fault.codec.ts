import { attributeOf, descendantsOf, type Markup, xml, type XmlElement } from '../xml/index.js';
import { MsaMessageError } from './error.js';
import { parseMessage } from './message.js';
import { msaTime, ns } from './namespaces.js';

/** A refusal of RST2 (reference 01, 4.2; shape of a public capture [client: xodus]). */
export interface TokenFault {
  /** HRESULT of the request, `0x80048823`. */
  readonly reqstatus: string;
  /** Local name of the WS-Trust subcode, e.g. `FailedAuthentication`. */
  readonly subcode: string;
  readonly text: string;
  readonly now: Date;
}

/** What the header says of a request that was granted, and of one that was not. */
const AUTHENTICATED = '0x48803';
const NOT_AUTHENTICATED = '0x80048800';

/** `psf:pp`: state of the request and, for clients whose clock is wrong, the server's time. */
export const passportHeader = ({ now, reqstatus = '0x0' }: { readonly now: Date; readonly reqstatus?: string }): Markup =>
  xml`<psf:pp xmlns:psf="${ns.passportFault}"><psf:serverVersion>1</psf:serverVersion><psf:authstate>${reqstatus === '0x0' ? AUTHENTICATED : NOT_AUTHENTICATED}</psf:authstate><psf:reqstatus>${reqstatus}</psf:reqstatus><psf:serverInfo LocVersion="0" ServerTime="${msaTime(now)}" BuildVersion="16.0.0.0">GREENSCREEN1 16.0.0.0</psf:serverInfo><psf:cookies/><psf:response/></psf:pp>`;

export const encodeTokenFault = ({ reqstatus, subcode, text, now }: TokenFault): Buffer =>
  xml`<S:Envelope xmlns:S="${ns.soap12}" xmlns:wst="${ns.trust}" xmlns:psf="${ns.passportFault}"><S:Header>${passportHeader({ now, reqstatus })}</S:Header><S:Body><S:Fault><S:Code><S:Value>S:Sender</S:Value><S:Subcode><S:Value>${`wst:${subcode}`}</S:Value></S:Subcode></S:Code><S:Reason><S:Text xml:lang="en-US">${text}</S:Text></S:Reason><S:Detail><psf:error><psf:value>${reqstatus}</psf:value><psf:internalerror><psf:code>${reqstatus}</psf:code><psf:text>${text}</psf:text></psf:internalerror></psf:error></S:Detail></S:Fault></S:Body></S:Envelope>`.toBuffer();

/** What a client takes from a refusal. */
export interface ReceivedTokenFault {
  /** Unsigned 32-bit. */
  readonly reqstatus: number;
  readonly text: string;
  readonly serverTime?: Date;
}

/** The fault in an answer; undefined when there is none or it cannot be read. */
export function decodeTokenFault(bytes: Uint8Array): ReceivedTokenFault | undefined {
  const root = tryParse(bytes);
  const fault = root && descendantsOf(root, ns.soap12, 'Fault')[0];
  if (!root || !fault) return undefined;
  const first = (namespace: string, name: string): XmlElement | undefined => descendantsOf(root, namespace, name)[0];
  const status = Number(first(ns.passportFault, 'reqstatus')?.text.trim() || Number.NaN);
  const info = first(ns.passportFault, 'serverInfo');
  const serverTime = new Date((info && attributeOf(info, 'ServerTime')) ?? '');
  return {
    reqstatus: Number.isInteger(status) ? status >>> 0 : 0,
    text: first(ns.soap12, 'Text')?.text.trim() ?? '',
    ...(Number.isNaN(serverTime.getTime()) ? {} : { serverTime }),
  };
}

function tryParse(bytes: Uint8Array): XmlElement | undefined {
  try {
    return parseMessage(bytes);
  } catch (error) {
    if (error instanceof MsaMessageError) return undefined;
    throw error;
  }
}
