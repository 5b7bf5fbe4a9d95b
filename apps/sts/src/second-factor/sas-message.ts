import { Fault } from '@greenscreen/host/faults';
import { z } from 'zod';

const sasRequest = z.object({
  authmethodid: z.string(),
  flowtoken: z.string(),
  /** The code; clients send it as text or as a number. */
  additionalauthdata: z.union([z.string(), z.number().transform(String)]).nullish(),
});

/** What a page's script asks. */
export interface SasRequest {
  readonly method: string;
  readonly flowToken: string;
  readonly code: string;
}

/** Reads a request of a second-factor page, whose members clients spell in different cases (`ctx`, `Ctx`; `flowToken`, `FlowToken`). */
export function decodeSasRequest(body: Buffer): SasRequest {
  try {
    const value = z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString('utf8')));
    const members = Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
    const { authmethodid, flowtoken, additionalauthdata } = sasRequest.parse(members);
    return { method: authmethodid, flowToken: flowtoken, code: additionalauthdata ?? '' };
  } catch (error) {
    throw new Fault('sts.90023', {}, { cause: error });
  }
}

export interface SasOutcome {
  readonly request: SasRequest;
  /** `Success`, or why not: `OathCodeIncorrect`, `SMSAuthFailedMaxAllowedCodeRetryReached` [doc: result codes of multifactor authentication]. */
  readonly result: string;
  /** AADSTS number, 0 for a success. */
  readonly code: number;
  readonly message: string | null;
  /** Whether another try may succeed. */
  readonly retry: boolean;
  readonly sessionId: string;
  readonly traceId: string;
  readonly at: Date;
}

/** The members of an answer as clients read them; the flow's token is good for the whole of it. */
export const encodeSasAnswer = ({ request, result, code, message, retry, sessionId, traceId, at }: SasOutcome) => ({
  Success: code === 0,
  ResultValue: result,
  Message: message,
  AuthMethodId: request.method,
  ErrCode: code,
  Retry: retry,
  FlowToken: request.flowToken,
  Ctx: request.flowToken,
  SessionId: sessionId,
  CorrelationId: traceId,
  Timestamp: at.toISOString(),
  Entropy: 0,
  ReselectUIOption: 0,
});
