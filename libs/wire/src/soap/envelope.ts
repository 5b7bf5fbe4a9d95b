import { type Markup, xml } from '../xml/index.js';
import { ns } from './namespaces.js';

/** What an answer carries besides its body. */
export interface SoapAnswer {
  readonly action: string;
  /** MessageID of the request; left out when it had none. */
  readonly relatesTo?: string | undefined;
  readonly activityId?: string | undefined;
  /** Further header blocks. */
  readonly header?: Markup;
  readonly body: Markup;
  /** Declare `xsi` and `xsd` on the Body: answers that use `xsi:nil` need it. */
  readonly schemaInstance?: boolean;
}

/** An answer in SOAP 1.2 with the prefixes that Microsoft's services use, in one line (reference 04, 1.3, 2.3, 3.4, 3.7). */
export function encodeSoapAnswer({ action, relatesTo, activityId, header, body, schemaInstance = false }: SoapAnswer): Markup {
  const utility = header ? xml` xmlns:u="${ns.utility}"` : undefined;
  const instance = schemaInstance ? xml` xmlns:xsi="${ns.xsi}" xmlns:xsd="${ns.xsd}"` : undefined;
  return xml`<s:Envelope xmlns:s="${ns.soap12}" xmlns:a="${ns.addressing}"${utility}><s:Header><a:Action s:mustUnderstand="1">${action}</a:Action>${activity(activityId)}${
    relatesTo === undefined ? undefined : xml`<a:RelatesTo>${relatesTo}</a:RelatesTo>`
  }${header}</s:Header><s:Body${instance}>${body}</s:Body></s:Envelope>`;
}

/** An element with an attribute: one client reads its text only then (reference 04, 1.3). */
function activity(id: string | undefined): Markup | undefined {
  return id === undefined ? undefined : xml`<ActivityId CorrelationId="${id}" xmlns="${ns.diagnostics}">${id}</ActivityId>`;
}

/** What a request carries besides its body. */
export interface SoapRequest {
  readonly action: string;
  readonly messageId: string;
  readonly to: string;
  /** Namespaces that the native client declares on the Envelope, by prefix. */
  readonly namespaces: Readonly<Record<string, string>>;
  readonly header?: Markup;
  readonly body: Markup;
  readonly schemaInstance?: boolean;
}

/** A request as the native Windows client writes it (reference 04, 1.2, 2.1, 3.1 [win-capture]). */
export function encodeSoapRequest({ action, messageId, to, namespaces, header, body, schemaInstance = false }: SoapRequest): Markup {
  const instance = schemaInstance ? xml` xmlns:xsi="${ns.xsi}" xmlns:xsd="${ns.xsd}"` : undefined;
  return xml`<s:Envelope${declarations(namespaces)}><s:Header><a:Action s:mustUnderstand="1">${action}</a:Action><a:MessageID>${messageId}</a:MessageID><a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo><a:To s:mustUnderstand="1">${to}</a:To>${header}</s:Header><s:Body${instance}>${body}</s:Body></s:Envelope>`;
}

const declarations = (namespaces: Readonly<Record<string, string>>): Markup[] =>
  Object.entries(namespaces).map(([prefix, namespace]) => xml` xmlns:${prefix}="${namespace}"`);
