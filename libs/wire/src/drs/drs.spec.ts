import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeDiscovery,
  decodeDrsError,
  decodeJoinRequest,
  decodeJoinResponse,
  decodeTransportKey,
  DrsFormatError,
  encodeDiscovery,
  encodeDrsError,
  encodeJoinRequest,
  encodeJoinResponse,
  encodeKeyError,
  encodeTransportKey,
  formatDrsTime,
  formatNonceTime,
} from './index.js';

const modulus = Buffer.alloc(256, 0xc3);
const exponent = Buffer.from([1, 0, 1]);
const blob = encodeTransportKey(modulus, exponent);

describe('transport keys', () => {
  it('02 10.2 is laid out as the CNG blob: 380 characters with a fixed beginning', () => {
    expect(blob).toHaveLength(380);
    expect(blob).toMatch(/^UlNBMQAIAAADAAAAAAEAAAAAAAAAAAAAAQAB.*==$/);
    expect(Buffer.from(blob, 'base64').subarray(0, 27).toString('hex')).toBe('525341310008000003000000000100000000000000000000010001');
    expect(decodeTransportKey(blob)).toEqual({ text: blob, modulus, exponent });
  });

  it('02 10.2 reads a JWK with a modulus in either alphabet', () => {
    for (const alphabet of ['base64', 'base64url'] as const) {
      const jwk = Buffer.from(JSON.stringify({ kty: 'RSA', e: 'AQAB', n: modulus.toString(alphabet) })).toString('base64');
      expect(decodeTransportKey(jwk)).toEqual({ text: jwk, modulus, exponent });
    }
  });

  it('survives a round trip and refuses every other length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 32, max: 64 }), fc.uint8Array({ minLength: 1, maxLength: 4 }), (words, bytes) => {
        const number = Buffer.alloc(words * 8, 0x91);
        const text = encodeTransportKey(number, Buffer.from(bytes));
        expect(decodeTransportKey(text)).toEqual({ text, modulus: number, exponent: Buffer.from(bytes) });
        const cut = Buffer.from(text, 'base64').subarray(0, -1).toString('base64');
        expect(() => decodeTransportKey(cut)).toThrow(DrsFormatError);
      }),
    );
  });
});

describe('joins', () => {
  const request = {
    joinType: 11,
    csr: Buffer.from('3003020100', 'hex'),
    transportKey: blob,
    aikCertificate: Buffer.from('3000', 'hex'),
    attestationData: 'AAAA',
    targetDomain: 'contosolab.example',
    deviceType: 'Windows',
    osVersion: '10.0.26100.2454',
    deviceDisplayName: 'LAB-1',
    attributes: { reuseDevice: true, returnClientSid: true, sharedDevice: false, deviceJoinTicket: 't=a.b.c&p=' },
  };

  it('02 10.1 survives a round trip', () => {
    const decoded = decodeJoinRequest(JSON.parse(encodeJoinRequest(request)));
    expect(decoded).toMatchObject({ ...request, transportKey: { text: blob } });
  });

  it('02 10.1 the AIK certificate goes only with a statement', () => {
    const sent: unknown = JSON.parse(encodeJoinRequest({ ...request, attestationData: undefined }));
    expect(sent).not.toHaveProperty('AikCertificate');
  });

  it('02 10.1 member names compare without regard to case, empty and null members read as absent', () => {
    const upper = {
      CERTIFICATEREQUEST: { type: 'PKCS10', data: 'MAMCAQA=' },
      transportkey: blob,
      TARGETDOMAIN: 'x',
      deviceType: 'Linux',
      OSVersion: null,
      DeviceDisplayName: '',
      JOINTYPE: '4',
      AikCertificate: '',
      AttestationData: '',
      Attributes: { reusedevice: 'True', ReturnClientSid: false },
    };
    expect(decodeJoinRequest(upper)).toMatchObject({
      joinType: 4,
      osVersion: '',
      aikCertificate: undefined,
      attestationData: undefined,
      attributes: { reuseDevice: true, returnClientSid: false },
    });
  });

  it('02 10.1 DeviceKeys replace the transport key when they are RSA', () => {
    const body = { ...(JSON.parse(encodeJoinRequest(request)) as Record<string, unknown>), TransportKey: undefined };
    const key = { Data: blob, Encoding: 'JWK', Type: 'RSA', Usage: 'STK' };
    expect(decodeJoinRequest({ ...body, DeviceKeys: [key] }).transportKey.modulus).toEqual(modulus);
    expect(() => decodeJoinRequest({ ...body, DeviceKeys: [{ ...key, Type: 'ECC' }] })).toThrow('DeviceKeys');
    expect(() => decodeJoinRequest(body)).toThrow('TransportKey');
  });

  it('names the member that is wrong', () => {
    const body = JSON.parse(encodeJoinRequest(request)) as Record<string, unknown>;
    for (const [change, member] of [
      [{ CertificateRequest: { Type: 'pkcs7', Data: 'AAAA' } }, 'CertificateRequest'],
      [{ CertificateRequest: { Type: 'pkcs10', Data: '%' } }, 'CertificateRequest'],
      [{ CertificateRequest: 'x' }, 'CertificateRequest'],
      [{ JoinType: 1.5 }, 'JoinType'],
      [{ DeviceDisplayName: 5 }, 'DeviceDisplayName'],
      [{ attributes: { ReuseDevice: 'yes' } }, 'ReuseDevice'],
      [{ attributes: [] }, 'attributes'],
    ] as const)
      expect(() => decodeJoinRequest({ ...body, ...change })).toThrow(`Unusable ${member}`);
    for (const value of [null, [], 'x', 5]) expect(() => decodeJoinRequest(value)).toThrow('request body');
  });

  it('02 10.6 the answer has its members only where they belong', () => {
    const certificate = Buffer.from('3003020105', 'hex');
    const time = new Date('2026-09-21T04:06:40Z');
    const userless = encodeJoinResponse({ certificate, responseStatus: { message: 'm', traceId: 't', time }, addedSids: ['S-1-12-1-1'] });
    expect(userless).toEqual({
      Certificate: { Thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/), RawBody: 'MAMCAQU=' },
      ResponseStatus: { message: 'm', traceId: 't', time: '09-21-2026 4:06:40Z' },
      MembershipChanges: [{ LocalSID: 'S-1-5-32-544', AddSIDs: ['S-1-12-1-1'] }],
    });
    expect(Object.keys(encodeJoinResponse({ certificate, upn: 'a@b' }))).toEqual(['Certificate', 'User']);
    expect(encodeJoinResponse({ certificate, addedSids: [] }).MembershipChanges).toEqual([]);
    expect(decodeJoinResponse(userless)).toMatchObject({ certificate, addedSids: ['S-1-12-1-1'], upn: undefined });
    for (const value of [{}, null, { Certificate: {} }]) expect(decodeJoinResponse(value)).toBeUndefined();
  });
});

describe('discovery', () => {
  const input = {
    segment: 'lab.example',
    tenantId: '6a0c1f52-3b7e-4d19-8a44-5c2d90ab1e77',
    domain: 'lab.example',
    displayName: 'Lab',
    federated: false,
    registration: 'https://enterpriseregistration.windows.net',
    tokenService: 'https://login.microsoftonline.com',
  };

  it('02 9.1 what one side writes, the other reads; the four old services must be there', () => {
    const document = encodeDiscovery({ ...input, version: '1.6' });
    expect(decodeDiscovery(document)).toMatchObject({
      joinEndpoint: 'https://enterpriseregistration.windows.net/EnrollmentServer/device/',
      joinServiceVersion: '1.0',
      tenantId: input.tenantId,
      tokenEndpoint: `https://login.microsoftonline.com/${input.tenantId}/oauth2/token`,
    });
    for (const name of ['DeviceRegistrationService', 'AuthenticationService', 'DeviceJoinService', 'KeyProvisioningService'])
      expect(() => decodeDiscovery({ ...document, [name]: undefined })).toThrow(DrsFormatError);
    for (const name of ['DeviceManagementService', 'TenantInfo', 'MsaProviderData', 'PrecreateService', 'BPLService'])
      expect(() => decodeDiscovery({ ...document, [name]: undefined })).not.toThrow();
    for (const value of [null, 'x', []]) expect(() => decodeDiscovery(value)).toThrow(DrsFormatError);
  });
});

describe('refusals and times', () => {
  const error = {
    code: 'AuthenticationError',
    subcode: 'DeviceNotFound',
    message: 'm',
    traceId: 't',
    time: new Date('2026-09-16T14:55:45Z'),
  };

  it('02 14.1 06 D-A33 each shape has its members, and every reader finds code and subcode', () => {
    expect(encodeDrsError(error, 'coded')).toEqual({
      Code: 'AuthenticationError',
      Subcode: 'DeviceNotFound',
      Message: 'm',
      TraceId: 't',
      Time: '09-16-2026 14:55:45Z',
    });
    expect(Object.keys(encodeDrsError({ ...error, subcode: undefined }, 'coded'))).toEqual(['Code', 'Message', 'TraceId', 'Time']);
    expect(Object.keys(encodeDrsError(error, 'details'))).toEqual(['ErrorType', 'Message', 'TraceId', 'Time']);
    for (const shape of ['coded', 'codedDetails'] as const)
      expect(decodeDrsError(encodeDrsError(error, shape))).toEqual({ code: error.code, subcode: error.subcode, message: 'm' });
    expect(decodeDrsError(encodeKeyError(error))).toEqual({ code: error.code, subcode: undefined, message: 'm' });
    expect(decodeDrsError({ code: 'DirectoryError', subCode: 'X', message: 'n' })).toEqual({
      code: 'DirectoryError',
      subcode: 'X',
      message: 'n',
    });
    for (const value of [undefined, 'x', {}, { Message: 'm' }]) expect(decodeDrsError(value)).toBeUndefined();
  });

  it('06 D-A34 the hour is not padded; the nonce service counts to twelve', () => {
    expect(formatDrsTime(new Date('2026-09-21T09:58:46Z'))).toBe('09-21-2026 9:58:46Z');
    expect(formatNonceTime(new Date('2026-09-21T14:06:40Z'))).toBe('9/21/2026 2:06:40 PM');
    expect(formatNonceTime(new Date('2026-01-01T00:00:00Z'))).toBe('1/1/2026 12:00:00 AM');
  });
});
