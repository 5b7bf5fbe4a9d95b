import { type CompactJws, decodeCompactJws, JoseError } from '@greenscreen/crypto/jose';
import { Fault } from '@greenscreen/host/faults';
import { requiredField, type TokenRequest } from '../token/token-request.js';

/** The `request` of a jwt-bearer grant: a compact JWS that a device or a session key signed (reference 02, 7 and 8). */
export interface SignedRequest {
  readonly jws: CompactJws;
  /** `grant_type` of the payload; empty when it has none. */
  readonly grant: string;
  /** A text member of the payload; undefined when it is missing or empty. */
  text(name: string): string | undefined;
}

/** Takes the `request` apart; AADSTS50027 when it is no JWS. Protocol versions for other platforms are AADSTS90023 (reference 02, 7.7). */
export function decodeSignedRequest(request: TokenRequest): SignedRequest {
  if (request.form.has('prt_protocol_version')) throw new Fault('sts.90023');
  const signed = readSigned(requiredField(request, 'request'));
  if (signed.grant === '') throw new Fault('sts.90014', { field: 'grant_type' });
  return signed;
}

/** A JWS with its text members at hand; AADSTS50027 when it is none. */
export function readSigned(compact: string): SignedRequest {
  const jws = decode(compact);
  const text = (name: string): string | undefined => {
    const value = jws.payload[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return { jws, grant: text('grant_type') ?? '', text };
}

function decode(text: string): CompactJws {
  try {
    return decodeCompactJws(text);
  } catch (error) {
    if (error instanceof JoseError) throw new Fault('sts.50027', {}, { cause: error });
    throw error;
  }
}

/** A member that the inner grant cannot do without; AADSTS90014. */
export function requiredMember(signed: Pick<SignedRequest, 'text'>, name: string): string {
  const value = signed.text(name);
  if (value === undefined) throw new Fault('sts.90014', { field: name });
  return value;
}
