import { describe, expect, it } from '@jest/globals';
import { constants, generateKeyPairSync, privateDecrypt, privateEncrypt, sign } from 'node:crypto';
import {
  certificateKeyId,
  decodeCompactJws,
  decryptSessionKey,
  decryptSessionResponse,
  deriveKeyV1,
  deriveKeyV2,
  encodeUnsignedJwt,
  encryptSessionKey,
  encryptSessionResponse,
  JoseError,
  jwkThumbprint,
  rsaJwk,
  rsaKeyOfJwk,
  signCompactJws,
  signJwt,
  signSessionJws,
  verifyJwt,
  verifyRs256,
  verifySessionJws,
} from './index.js';

const range = (from: number, length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => from + index));
const sessionKey = range(0, 32);
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const problem = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return error instanceof JoseError ? error.problem : String(error);
  }
  return undefined;
};

describe('key derivation (reference 02, 7.4)', () => {
  const payload = '{"refresh_token":"0.PRT","is_primary":"true","request_nonce":"N1"}';
  const ctx = range(0x40, 24);
  const v1 =
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImN0eCI6IlFFRkNRMFJGUmtkSVNVcExURTFPVDFCUlVsTlVWVlpYIn0.eyJyZWZyZXNoX3Rva2VuIjoiMC5QUlQiLCJpc19wcmltYXJ5IjoidHJ1ZSIsInJlcXVlc3Rfbm9uY2UiOiJOMSJ9.58MdnfhDVg3mJIYnfJKNqn8WGLbnRvclrW9u3h52TBo';
  const v2 =
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImN0eCI6IlFFRkNRMFJGUmtkSVNVcExURTFPVDFCUlVsTlVWVlpYIiwia2RmX3ZlciI6Mn0.eyJyZWZyZXNoX3Rva2VuIjoiMC5QUlQiLCJpc19wcmltYXJ5IjoidHJ1ZSIsInJlcXVlc3Rfbm9uY2UiOiJOMSJ9.oZIhemLydlrn9tTmtQV9d4_4TpWr6m7a0tLbYD-NOEk';

  it('02-14 derives the keys of the vectors', () => {
    expect(deriveKeyV1(sessionKey, ctx).toString('hex')).toBe('261704508fac96248f7d3be91a017495fc867b984effbbd36059d69719da6375');
    expect(deriveKeyV2(sessionKey, ctx, Buffer.from(payload)).toString('hex')).toBe(
      'f6aa9d635023a48d16d8835ee26031edad7725e84f66857ffa061039337c633b',
    );
  });

  it('02-14 signs and verifies the JWS of the vectors', () => {
    expect(signSessionJws({ sessionKey, ctx, kdfVersion: 1, payload })).toBe(v1);
    expect(signSessionJws({ sessionKey, ctx, kdfVersion: 2, payload })).toBe(v2);
    expect([v1, v2].map((jws) => verifySessionJws(decodeCompactJws(jws), sessionKey))).toEqual([true, true]);
  });

  it('refuses a JWS under another session key, with another algorithm, or with an unusable ctx', () => {
    expect(verifySessionJws(decodeCompactJws(v1), range(1, 32))).toBe(false);
    const [, body = '', mac = ''] = v1.split('.');
    const withHeader = (header: object): string => `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${body}.${mac}`;
    expect(verifySessionJws(decodeCompactJws(withHeader({ alg: 'none', ctx: ctx.toString('base64') })), sessionKey)).toBe(false);
    expect(problem(() => verifySessionJws(decodeCompactJws(withHeader({ alg: 'HS256' })), sessionKey))).toBe('malformed');
    expect(problem(() => verifySessionJws(decodeCompactJws(withHeader({ alg: 'HS256', ctx: 'AAAA' })), sessionKey))).toBe('malformed');
  });
});

describe('session_key_jwe (reference 02, 7.3)', () => {
  const unwrap = (key: typeof privateKey) => (wrapped: Buffer) =>
    Promise.resolve(privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, wrapped));

  it('02-14 has the parts of the vector: additional data is empty', () => {
    const parts = encryptSessionKey(publicKey, sessionKey, range(0, 12)).jwe.split('.');
    expect(parts[0]).toBe('eyJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ');
    expect(parts.slice(2).join('.')).toBe('AAECAwQFBgcICQoL.Zw.82DCoqMbU3XGsnadcJyeuQ');
  });

  it('gives the session key back to the transport key, and to nobody with a damaged tag', async () => {
    const { jwe, sessionKey: made } = encryptSessionKey(publicKey);
    expect((await decryptSessionKey(jwe, unwrap(privateKey))).equals(made)).toBe(true);
    const damaged = `${jwe.slice(0, -2)}AA`;
    await expect(decryptSessionKey(damaged, unwrap(privateKey))).rejects.toMatchObject({ problem: 'decryption' });
    await expect(decryptSessionKey('a.b.c', unwrap(privateKey))).rejects.toMatchObject({ problem: 'malformed' });
  });
});

describe('answers under a session key (reference 02, 7.5)', () => {
  const plaintext = '{"token_type":"Bearer","scope":"mdm_delegation"}';
  const jwe =
    'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwiY3R4IjoiWUdGaVkyUmxabWRvYVdwcmJHMXViM0J4Y25OMGRYWjMifQ..AAECAwQFBgcICQoLDA0ODw.ZxYAZHMlVa9SHVBoQHKVD9Fp-a84E16fmuVFN0NeyHiLTki7bLyzvFbtPkYHN9aUnJFcRbiZ0DCBzy_v3s9cmA.';

  it('02-14 encrypts and decrypts the vector', () => {
    expect(deriveKeyV1(sessionKey, range(0x60, 24)).toString('hex')).toBe(
      'b8a60cea7e8953f684aa5cdc3bae5e180d6feba3485b8b4d7efeee0084c17177',
    );
    expect(encryptSessionResponse(sessionKey, plaintext, range(0x60, 24), range(0, 16))).toBe(jwe);
    expect(decryptSessionResponse(sessionKey, jwe)).toBe(plaintext);
  });

  it('does not open with another key or in another form', () => {
    expect(problem(() => decryptSessionResponse(range(7, 32), jwe))).toBe('decryption');
    expect(problem(() => decryptSessionResponse(sessionKey, 'e30....'))).toBe('algorithm');
    expect(problem(() => decryptSessionResponse(sessionKey, '{"error":1}'))).toBe('malformed');
  });
});

describe('device-signed requests (reference 02, 7.1)', () => {
  const signDigest = (digest: Buffer): Promise<Buffer> => {
    const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex');
    return Promise.resolve(privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([prefix, digest])));
  };
  const payload = { username: 'ada@lab.contoso.example', odd: 'ÿþ?>~~' };

  it('are signed through a callback and verify', async () => {
    const jws = decodeCompactJws(await signCompactJws({ alg: 'RS256', typ: 'JWT' }, payload, signDigest));
    expect(jws.payload).toEqual(payload);
    expect(verifyRs256(jws, publicKey)).toBe(true);
    expect(verifyRs256(jws, other.publicKey)).toBe(false);
  });

  it('verify in the standard alphabet with padding, over the text as it came', () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
    const signingInput = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(payload)}`;
    expect(signingInput).toMatch(/[+/=]/);
    const jws = decodeCompactJws(`${signingInput}.${sign('sha256', Buffer.from(signingInput), privateKey).toString('base64url')}`);
    expect(jws.payload).toEqual(payload);
    expect(verifyRs256(jws, publicKey)).toBe(true);
  });

  it('are malformed without three base64 parts of JSON objects', () => {
    for (const text of ['', 'a.b', '.e30.', 'e30.e30.e30.e30', 'e!0.e30.', 'e30.W10.', 'e30.Ig.'])
      expect(problem(() => decodeCompactJws(text))).toBe('malformed');
  });
});

describe('JWT', () => {
  const der = Buffer.from('certificate');
  const kid = certificateKeyId(der);
  const key = { alg: 'RS256', kid, x5t: kid, privateKey } as const;
  const accept = { keyOf: (asked: string | undefined) => (asked === kid ? publicKey : undefined), algorithms: ['RS256'] as const };

  it('carries kid and x5t of the certificate and verifies', async () => {
    const token = await signJwt({ aud: 'x', n: 1 }, key);
    expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).toBe(
      `{"typ":"JWT","alg":"RS256","x5t":"${kid}","kid":"${kid}"}`,
    );
    expect(await verifyJwt(token, accept)).toEqual({ aud: 'x', n: 1 });
  });

  it('refuses alg none, other algorithms, unknown keys, damaged signatures and what is no JWT', async () => {
    const token = await signJwt({ aud: 'x' }, key);
    const foreign = await signJwt({ aud: 'x' }, { ...key, privateKey: other.privateKey });
    const es = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const cases: [string, string][] = [
      [encodeUnsignedJwt({ aud: 'x' }), 'algorithm'],
      [await signJwt({ aud: 'x' }, { alg: 'ES256', kid, privateKey: es.privateKey }), 'algorithm'],
      [await signJwt({ aud: 'x' }, { ...key, kid: 'unknown' }), 'unknown_key'],
      [foreign, 'signature'],
      [token.replace(/\.[^.]*\./, '.e30.'), 'signature'],
      ['nonsense', 'malformed'],
    ];
    for (const [text, reason] of cases) await expect(verifyJwt(text, accept)).rejects.toMatchObject({ problem: reason });
    const elliptic = await signJwt({ aud: 'x' }, { alg: 'ES256', kid, privateKey: es.privateKey });
    expect(await verifyJwt(elliptic, { keyOf: () => es.publicKey, algorithms: ['ES256'] })).toEqual({ aud: 'x' });
  });

  it('has a key with the RFC 7638 thumbprint, the same after a round trip', async () => {
    expect(await jwkThumbprint(rsaKeyOfJwk(rsaJwk(publicKey)))).toBe(await jwkThumbprint(publicKey));
    expect(problem(() => rsaKeyOfJwk({ kty: 'EC' }))).toBe('malformed');
  });
});
