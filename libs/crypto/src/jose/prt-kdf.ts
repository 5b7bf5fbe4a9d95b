import { createHash, createHmac } from 'node:crypto';

/** MS-OAPXBC 3.1.5.1.3.3. */
const LABEL = 'AzureAD-SecureConversation';

/** SP 800-108 in counter mode, one block of HMAC-SHA256: `1 || label || 0 || context || 256`. */
function derive(sessionKey: Buffer, context: Buffer): Buffer {
  return createHmac('sha256', sessionKey)
    .update(Buffer.from([0, 0, 0, 1]))
    .update(LABEL, 'ascii')
    .update(Buffer.from([0]))
    .update(context)
    .update(Buffer.from([0, 0, 1, 0]))
    .digest();
}

/** KDFv1: 32-byte key from a PRT's session key and the `ctx` of a JWS or JWE header (reference 02, 7.4). */
export const deriveKeyV1 = (sessionKey: Buffer, ctx: Buffer): Buffer => derive(sessionKey, ctx);

/** KDFv2: as v1, with the context hashed together with the payload as it was sent. */
export const deriveKeyV2 = (sessionKey: Buffer, ctx: Buffer, payload: Buffer): Buffer =>
  derive(sessionKey, createHash('sha256').update(ctx).update(payload).digest());
