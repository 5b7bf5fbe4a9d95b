import { describe, expect, it } from '@jest/globals';
import {
  AttestationDataError,
  ClaimsError,
  decodeAccessTokenClaims,
  decodeAttestationData,
  decodeForm,
  decodeOAuthError,
  decodePageConfig,
  decodePrtResponse,
  decodeTokenResponse,
  encodeAttestationData,
  encodeForm,
  encodeOAuthError,
  encodePageConfig,
  encodePrtResponse,
  encodeTokenResponseV1,
  encodeTokenResponseV2,
  firstPartyClient,
  firstPartyMayRedirect,
  resourceNamed,
} from './index.js';

describe('form (reference 02, section 1 rule 4 and 7.1)', () => {
  it('finds names in any case, takes the first value, and treats empty as missing', () => {
    const form = decodeForm(Buffer.from('Grant_Type=srv_challenge&a=1&A=2&empty=&flag'));
    expect([form.get('grant_type'), form.get('a'), form.get('empty'), form.has('empty'), form.get('flag')]).toEqual([
      'srv_challenge',
      '1',
      undefined,
      true,
      undefined,
    ]);
  });

  it('reads + as a space, but as itself in base64 fields that came unencoded', () => {
    const form = decodeForm('scope=openid+aza&request=a+b/c==.d+e.f&assertion=x%2By');
    expect([form.get('scope'), form.get('request'), form.get('assertion')]).toEqual(['openid aza', 'a+b/c==.d+e.f', 'x+y']);
  });

  it('keeps broken escapes and survives its own encoding', () => {
    expect(decodeForm('a=%zz&b=100%').get('a')).toBe('%zz');
    const fields = { username: 'ada+x@lab.example', password: 'p&=ß %', none: undefined };
    expect(decodeForm(encodeForm(fields)).entries()).toEqual([
      ['username', fields.username],
      ['password', fields.password],
    ]);
  });
});

describe('$Config (reference 02, 3.2)', () => {
  const config = { sessionId: 's', sErrTxt: '</script><b>&"\'', n: 1 };

  it('has the exact frame and no raw markup, and comes back whole', () => {
    const script = encodePageConfig(config);
    expect(script.startsWith('<script type="text/javascript">//<![CDATA[\n$Config={')).toBe(true);
    expect(script.endsWith('};\n//]]></script>')).toBe(true);
    const [, json = ''] = /\$Config=(.*);\n/.exec(script) ?? [];
    expect(json).not.toMatch(/[<>&]/);
    expect(decodePageConfig(`<html>${script}</html>`)).toEqual(config);
  });

  it('is undefined where there is none', () => {
    for (const page of ['', '$Config={', '$Config=nonsense;\n//]]></script>', '$Config=1;\n//]]></script>'])
      expect(decodePageConfig(page)).toBeUndefined();
  });
});

describe('access token claims (reference 02, section 5; 06, D-B1)', () => {
  const base = { aud: 'a', iss: 'i', tid: 'AB', iat: 1, nbf: 1, exp: 2 };

  it('decide the kind by idtyp, else by upn', () => {
    expect(decodeAccessTokenClaims({ ...base, upn: 'u', scp: 'a b' })).toMatchObject({
      kind: 'user',
      tid: 'ab',
      scp: ['a', 'b'],
      roles: [],
    });
    expect(decodeAccessTokenClaims({ ...base, scp: 'mdm_delegation' }).kind).toBe('device');
    expect(decodeAccessTokenClaims({ ...base, idtyp: 'device', upn: 'u' }).kind).toBe('device');
    expect(decodeAccessTokenClaims({ ...base, idtyp: 'app', roles: ['r'], cnf: { jkt: 'j' } })).toMatchObject({
      kind: 'app',
      roles: ['r'],
      jkt: 'j',
    });
  });

  it('refuse what is missing or mistyped', () => {
    for (const change of [
      { aud: 1 },
      { exp: '2' },
      { tid: undefined },
      { scp: 1 },
      { roles: 'r' },
      { amr: [1] },
      { cnf: {} },
      { idtyp: 'x' },
      { upn: 5 },
    ])
      expect(() => decodeAccessTokenClaims({ ...base, ...change })).toThrow(ClaimsError);
  });
});

describe('attestation data (reference 06, D-A17)', () => {
  const parts = { publicArea: Buffer.from('abc'), attest: Buffer.from('de'), signature: Buffer.from('f') };

  it('is three little-endian length-prefixed parts', () => {
    expect(Buffer.from(encodeAttestationData(parts), 'base64').toString('hex')).toBe('0300000061626302000000646501' + '00000066');
    expect(decodeAttestationData(encodeAttestationData(parts))).toEqual(parts);
  });

  it('refuses missing, oversized and left-over bytes', () => {
    const bytes = Buffer.from(encodeAttestationData(parts), 'base64');
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => decodeAttestationData(bytes.subarray(0, length).toString('base64'))).toThrow(AttestationDataError);
    expect(() => decodeAttestationData(Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64'))).toThrow(AttestationDataError);
    expect(() => decodeAttestationData(Buffer.from('ffffffff', 'hex').toString('base64'))).toThrow(AttestationDataError);
  });
});

describe('answers', () => {
  const token = { scope: 's', expiresIn: 3599, expiresOn: 3900, notBefore: 0, resource: 'r', accessToken: 'a', refreshToken: 'f' };

  it('are strings on v1 and numbers on v2, without members that are not there', () => {
    expect(encodeTokenResponseV1(token)).toEqual({
      token_type: 'Bearer',
      scope: 's',
      expires_in: '3599',
      ext_expires_in: '3599',
      expires_on: '3900',
      not_before: '0',
      resource: 'r',
      access_token: 'a',
      refresh_token: 'f',
    });
    expect(encodeTokenResponseV2(token)).toEqual({
      token_type: 'Bearer',
      scope: 's',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: 'a',
      refresh_token: 'f',
    });
    for (const encode of [encodeTokenResponseV1, encodeTokenResponseV2])
      expect(decodeTokenResponse(encode(token))).toMatchObject({
        tokenType: 'Bearer',
        expiresIn: 3599,
        accessToken: 'a',
        refreshToken: 'f',
      });
    expect([decodeTokenResponse('x'), decodeTokenResponse({ access_token: 'a' })]).toEqual([undefined, undefined]);
  });

  it('of a PRT come back, and nothing else passes for one', () => {
    const prt = { refreshToken: 'p', expiresIn: 1209599, expiresOn: 9, idToken: 'i', clientInfo: 'c', tenantId: 't', sessionKeyJwe: 'k' };
    expect(decodePrtResponse(encodePrtResponse(prt))).toEqual({ refreshToken: 'p', expiresIn: 1209599, idToken: 'i', sessionKeyJwe: 'k' });
    expect(decodePrtResponse({ refresh_token: 'p', id_token: 'i', refresh_token_expires_in: '1' })).toBeUndefined();
  });

  it('of a refusal have text, number and ids in one line', () => {
    const refusal = encodeOAuthError({
      error: 'invalid_grant',
      code: 50126,
      message: 'No.',
      suberror: 'x',
      traceId: 't',
      correlationId: 'c',
      at: new Date('2026-09-21T14:06:40.123Z'),
    });
    expect(refusal).toMatchObject({
      error_description: 'AADSTS50126: No. Trace ID: t Correlation ID: c Timestamp: 2026-09-21 14:06:40Z',
      timestamp: '2026-09-21 14:06:40Z',
    });
    expect(decodeOAuthError(refusal)).toMatchObject({ error: 'invalid_grant', codes: [50126], suberror: 'x' });
    expect(decodeOAuthError({})).toBeUndefined();
  });
});

describe('registry (reference 02, 5.1)', () => {
  it('knows resources by any identifier, case and trailing slash', () => {
    expect([resourceNamed('HTTPS://enrollment.manage.microsoft.com'), resourceNamed('D4EBCE55-015a-49b5-a083-c84d1797ae8c')]).toEqual([
      'enrollment',
      'enrollment',
    ]);
    expect(resourceNamed('https://graph.microsoft.com.evil.example')).toBeUndefined();
  });

  it('lets a first-party client be redirected to its own addresses only', () => {
    const broker = firstPartyClient('29D9ED98-A469-4536-ADE2-F981BC1D605E');
    const allowed = ['ms-aadj-redir://auth/drs', 'ms-appx-web://microsoft.aad.brokerplugin/29d9ed98-a469-4536-ade2-f981bc1d605e'];
    expect(allowed.map((uri) => broker && firstPartyMayRedirect(broker, uri))).toEqual([true, true]);
    expect(broker && firstPartyMayRedirect(broker, 'ms-aadj-redir://auth/drs.evil')).toBe(false);
    expect(firstPartyClient('x')).toBeUndefined();
  });
});
