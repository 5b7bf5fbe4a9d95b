/** Refusals of the AIK service that are no SCEP messages: `{"Message":"…"}` (reference 03, 2.11). */
export const encodeServiceMessage = (message: string): Record<string, string> => ({ Message: message });

/** The text of a refusal; undefined when the body is none. */
export function decodeServiceMessage(body: Buffer): string | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const message: unknown = typeof value === 'object' && value !== null && 'Message' in value ? value.Message : undefined;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
