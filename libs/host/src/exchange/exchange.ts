import { type SeededRandom } from '@greenscreen/crypto/seeded-random';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Injection } from '../injection/injection.js';
import { type Reply } from '../reply/reply.js';

/** What is known of the request in hand. Operations fill in what they learn; journal, log and error renderers read it. */
export interface Exchange {
  /** Names of reference 05 C.4 and 06 D-A53, D-B65. */
  service: string;
  operation: string;
  tenantId?: string;
  deviceId?: string;
  serial?: string;
  /** `X-Greenscreen-Run` of the request. */
  readonly run?: string;
  /** What the ids of this exchange are made of, when its request says so in `X-Greenscreen-Ids`: a text that no other request has. */
  readonly ids?: SeededRandom;
  /** `client-request-id` of the request when it is a usable id, else a new GUID: trace id of answers, errors and log lines. */
  readonly traceId: string;
  /** `client-request-id` as sent, with the wish to have it echoed. */
  readonly clientRequestId?: string;
  readonly echoClientRequestId: boolean;
  readonly method: string;
  /** Lower case, without port. */
  readonly host: string;
  /** Path and query as received. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly remoteAddress: string;
  /** DER of the certificate that the client presented in the handshake. */
  readonly clientCertificate?: Buffer;
  readonly startedAt: number;
  body: Buffer;
  reply?: Reply;
  /** Code of the fault that answered, and the check that raised it. */
  refusal?: string;
  refusedBy?: string;
  /** The fault that was injected into this exchange; operations ask it for defects of what they issue. */
  injection?: Injection;
  /** Cause of an unexpected failure: logged, never sent. */
  failure?: unknown;
  /** Clock readings of this request, by scope: one request sees one time. */
  readonly times: Map<string, Promise<Date>>;
  /** The last of them that arrived, for renderers, which cannot wait. */
  time?: Date;
}

export const exchanges = new AsyncLocalStorage<Exchange>();

/** The exchange of the request in hand, if there is one. */
export function findExchange(): Exchange | undefined {
  return exchanges.getStore();
}

/** The exchange of the request in hand. */
export function currentExchange(): Exchange {
  const exchange = exchanges.getStore();
  if (!exchange) throw new Error('There is no request in hand here');
  return exchange;
}
