import { randomBytes } from 'node:crypto';
import { currentExchange } from '@greenscreen/host/exchange';
import { json, reply, type Reply } from '@greenscreen/host/reply';
import { answerStyle } from './answer-style.js';

/**
 * Headers of every answer: the caller's correlation vector, and a truthful `Date`, by which Windows sets its clock (reference 01, 5.4). A
 * caller without a vector gets one.
 */
export function ztdHeaders(): Record<string, string> {
  const { headers, time } = currentExchange();
  const { dateSkewSec, omitMsCv } = answerStyle();
  const date = new Date((time ?? new Date()).getTime() + dateSkewSec * 1000);
  return { Date: date.toUTCString(), ...(omitMsCv ? {} : { 'MS-CV': vectorOf(headers['ms-cv']) }) };
}

const VECTOR = /^[A-Za-z0-9+/=._!-]{1,128}$/;

/** 12 bytes make the 16 digits of a vector's base. What is no vector is not repeated. */
const vectorOf = (sent = ''): string => (VECTOR.test(sent.trim()) ? sent.trim() : `${randomBytes(12).toString('base64')}.0`);

export const ztdJson = (status: number, value: unknown, headers: Reply['headers'] = {}): Reply =>
  json(status, value, { ...ztdHeaders(), ...headers });

/** An error page where JSON was expected (switch `ztd.errorShape` = `garbage`). */
export const ztdGarbage = (status: number): Reply =>
  reply(status, 'text/html; charset=utf-8', '<html><body><h1>Something went wrong</h1></body></html>', ztdHeaders());
