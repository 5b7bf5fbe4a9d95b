import { decodeCompactJws, JoseError } from '@greenscreen/crypto/jose';
import { type Json, type Look, toJson, type View, viewOf } from './view.js';
import { partsOf } from './wrapped-text.js';

const JWS = /^eyJ[\w-]+={0,2}\.[\w-]+={0,2}\.[\w-]*={0,2}$/;
/** Padded base64 is none. */
const FORM = /^[\w.%~+-]{1,64}=(?!=?$)[^&\s]*(&[\w.%~+-]{1,64}=[^&\s]*)*$/;
/** NumericDate claims. */
const dates = ['iat', 'nbf', 'exp'];

/** A compact JWS: header, claims, and its dates to read. */
export function jwtView(bytes: Buffer, look: Look): View | undefined {
  const text = bytes.toString('latin1');
  if (!JWS.test(text)) return undefined;
  try {
    const { header, payload, signature } = decodeCompactJws(text);
    const times = Object.entries(payload).flatMap(([name, value]) =>
      dates.includes(name) && typeof value === 'number' ? [[name, new Date(value * 1000).toISOString()]] : [],
    );
    const value = toJson({ header, claims: payload, times: Object.fromEntries(times) as object, signature });
    return viewOf('jwt', value, partsOf(value, look));
  } catch (error) {
    if (error instanceof JoseError) return undefined;
    throw error;
  }
}

export function jsonView(bytes: Buffer, look: Look): View | undefined {
  if (!/^\s*[[{]/.test(bytes.toString('latin1', 0, 64))) return undefined;
  try {
    const value = JSON.parse(bytes.toString('utf8')) as Json;
    return viewOf('json', value, partsOf(value, look));
  } catch {
    return undefined;
  }
}

/** `application/x-www-form-urlencoded`: a body or the query of an address. */
export function formView(bytes: Buffer, look: Look): View | undefined {
  const text = bytes.toString('latin1');
  if (!FORM.test(text)) return undefined;
  const value: Json = Object.fromEntries(new URLSearchParams(text));
  return viewOf('form', value, partsOf(value, look));
}
