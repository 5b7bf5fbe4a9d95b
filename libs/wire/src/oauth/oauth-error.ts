/** An error answer of the token service (reference 02, section 6). */
export interface OAuthError {
  readonly error: string;
  readonly description: string;
  /** AADSTS numbers, the first decides. */
  readonly codes: readonly number[];
  readonly suberror?: string;
}

export interface OAuthErrorInput {
  readonly error: string;
  readonly code: number;
  readonly message: string;
  readonly suberror?: string | undefined;
  readonly traceId: string;
  readonly correlationId: string;
  readonly at: Date;
  /** JSON text of a claims challenge. */
  readonly claims?: string | undefined;
}

/** `2026-09-21 14:06:40Z` */
const timestampOf = (at: Date): string => at.toISOString().replace('T', ' ').replace(/\.\d+/, '');

/** `AADSTS<code>: <message> Trace ID: … Correlation ID: … Timestamp: …`: one line, separated by spaces as today's service does. */
export const errorDescription = ({ code, message, traceId, correlationId, at }: OAuthErrorInput): string =>
  `AADSTS${code}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestampOf(at)}`;

/** Members of an error answer, in the order of the real service. */
export function encodeOAuthError(input: OAuthErrorInput): Record<string, unknown> {
  return {
    error: input.error,
    error_description: errorDescription(input),
    error_codes: [input.code],
    timestamp: timestampOf(input.at),
    trace_id: input.traceId,
    correlation_id: input.correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${input.code}`,
    ...(input.suberror === undefined ? {} : { suberror: input.suberror }),
    ...(input.claims === undefined ? {} : { claims: input.claims }),
  };
}

/** Reads an error answer; undefined when the value is none. */
export function decodeOAuthError(value: unknown): OAuthError | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value) || typeof value.error !== 'string') return undefined;
  const description = 'error_description' in value && typeof value.error_description === 'string' ? value.error_description : '';
  const codes = 'error_codes' in value && Array.isArray(value.error_codes) ? value.error_codes : [];
  const suberror = 'suberror' in value && typeof value.suberror === 'string' ? value.suberror : undefined;
  return {
    error: value.error,
    description,
    codes: codes.filter((code): code is number => typeof code === 'number'),
    ...(suberror === undefined ? {} : { suberror }),
  };
}
