/** A refusal as Graph writes it (reference 01, 3.1). */
export interface GraphError {
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly at: Date;
}

/** `2025-03-14T09:26:53`: without fraction and without zone. */
const dateOf = (at: Date): string => at.toISOString().slice(0, 19);

export const encodeGraphError = ({ code, message, requestId, clientRequestId, at }: GraphError): Record<string, unknown> => ({
  error: { code, message, innerError: { date: dateOf(at), 'request-id': requestId, 'client-request-id': clientRequestId } },
});

/** Code and message of an error body; undefined for anything else. */
export function decodeGraphError(body: unknown): Pick<GraphError, 'code' | 'message'> | undefined {
  if (!isObject(body) || !isObject(body.error)) return undefined;
  const { code, message } = body.error;
  return typeof code === 'string' && typeof message === 'string' ? { code, message } : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** The text that Intune puts into `message`: JSON again, with the activity's id [inferred] (reference 01, 3.1). */
export const encodeIntuneMessage = (text: string, activityId: string, path: string): string =>
  JSON.stringify({
    _version: 3,
    Message: `${text} - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: ${activityId} - Url: ${path}`,
    CustomApiErrorPhrase: '',
    RetryAfter: null,
    ErrorSourceService: '',
    HttpHeaders: '{}',
  });
