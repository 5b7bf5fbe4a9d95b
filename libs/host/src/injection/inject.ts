import { setTimeout as pause } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { type Response } from 'express';
import { Fault } from '../faults/fault.js';
import { type Reply, reply, writeReply } from '../reply/reply.js';
import { type Injection } from './injection.js';

/** Says on an injected answer which rule made it, unless the rule is silent. */
const MARK = 'X-Greenscreen-Fault';

/** What an injection did before the operation: `answered` when it has taken care of the answer, or of its absence. */
export type InjectionOutcome = { readonly answered: false } | { readonly answered: true; readonly reply?: Reply };

/**
 * The part of a fault that comes before the operation. A code is thrown as the operation itself would throw it, so that its dialect renders
 * it; other answers are given as they are; a held request stays open until its client goes.
 */
export async function injectBefore({ rule, marked, action }: Injection, response: Response): Promise<InjectionOutcome> {
  if (marked) response.setHeader(MARK, rule);
  if (action.delayMs !== undefined) await pause(action.delayMs);
  if (action.hold) return { answered: true };
  if (action.connection === 'reset') {
    // A TLS socket cannot send a TCP reset; closed without an answer, it looks the same to its client.
    if (response.socket instanceof TLSSocket) response.socket.destroy();
    else response.socket?.resetAndDestroy();
    return { answered: true };
  }
  if (!action.respond) return { answered: false };
  const { code, detail, status = 500, headers, body } = action.respond;
  if (code !== undefined) throw new Fault(code, detail);
  return { answered: true, reply: reply(status, undefined, body ?? '', headers) };
}

/** Writes the operation's answer as the fault wants it: slowly, or not to its end. */
export async function writeInjected({ action }: Injection, response: Response, answer: Reply): Promise<void> {
  if (action.connection === 'close_mid_body') {
    writeHead(response, answer);
    response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => response.socket?.destroy());
    return;
  }
  if (action.tamper === 'chunked') {
    // Without a length Node sends chunks.
    writeHead(response, answer, false);
    response.write(answer.body);
    response.end();
    return;
  }
  if (!action.drip) {
    writeReply(response, answer);
    return;
  }
  writeHead(response, answer);
  for (let start = 0; start < answer.body.length && !response.destroyed; start += action.drip.bytes) {
    response.write(answer.body.subarray(start, start + action.drip.bytes));
    await pause(action.drip.everyMs);
  }
  response.end();
}

function writeHead(response: Response, { status, headers, body }: Reply, withLength = true): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (withLength) response.setHeader('Content-Length', body.length);
}
