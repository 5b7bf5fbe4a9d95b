import { formatNonceTime } from './drs-time.js';

/** The nonce service's answer; its first member is misspelt on the wire (reference 02, 9.3 [doc]). `value`: base64 text. */
export const encodeNonceResponse = (value: string, traceId: string, time: Date): Record<string, unknown> => ({
  ReponseStatus: { message: 'Successfully created a nonce', traceId, time: formatNonceTime(time) },
  Value: value,
});
