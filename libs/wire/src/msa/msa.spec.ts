import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  componentsOfFacts,
  decodeDeviceAddRequest,
  decodeDeviceAddResponse,
  decodeTokenFault,
  decodeTokenRequest,
  decodeTokenResponse,
  DEVICE_TOKEN_ADDRESS,
  encodeDeviceAddFailure,
  encodeDeviceAddRequest,
  encodeDeviceAddResponse,
  encodeTokenFault,
  encodeTokenRequest,
  encodeTokenResponse,
  factsOfComponents,
  MsaMessageError,
} from './index.js';

const now = new Date('2025-03-14T09:26:53Z');
const later = new Date('2025-03-15T09:26:53Z');

describe('device add', () => {
  const facts = { serial: 'MOCK-0001', smbiosUuid: '5f0c3b1e-9a47-4d2c-8e11-0a1b2c3d4e5f', ekHash: 'ab'.repeat(32), model: 'Mockbook 14' };
  const call = { membername: '02abcdefgh234567', password: 'a<&>"b', components: componentsOfFacts(facts) };

  it('brings names, password and hardware to the other side', () => {
    const tpmKey = { modulus: Buffer.alloc(256, 0xc1), exponent: Buffer.from([1, 0, 1]) };
    const request = decodeDeviceAddRequest(encodeDeviceAddRequest({ ...call, tpmKey }));
    expect(request).toMatchObject({ membername: call.membername, password: call.password, tpmModulus: tpmKey.modulus });
    expect(factsOfComponents(request.components)).toEqual(facts);
  });

  it('marks what a device cannot say, and leaves it out on the other side', () => {
    const bytes = encodeDeviceAddRequest({ ...call, components: componentsOfFacts({ serial: 'S' }) });
    expect(bytes.toString()).toContain('<Component name="4101">Uw==</Component>');
    expect(bytes.toString()).toContain('<Component name="4102" error="-2147024894"></Component>');
    expect(factsOfComponents(decodeDeviceAddRequest(bytes).components)).toEqual({ serial: 'S' });
  });

  it('reads a UUID raw and written out, and firmware strings up to their NUL', () => {
    const written = factsOfComponents(
      new Map([
        ['4101', Buffer.from('S1\0rest')],
        ['4102', Buffer.from('{5F0C3B1E-9A47-4D2C-8E11-0A1B2C3D4E5F}\0')],
        ['4146', Buffer.alloc(31)],
      ]),
    );
    expect(written).toEqual({ serial: 'S1', smbiosUuid: facts.smbiosUuid });
  });

  it('answers with every member that a client deserialises', () => {
    const answer = { hwDeviceId: '0018C784C89334C3', globalDeviceId: '0018400FA1B2C3D4', tpmKeyState: 4, serverTime: now };
    const bytes = encodeDeviceAddResponse({ ...answer, license: Buffer.from('x') });
    expect(decodeDeviceAddResponse(bytes)).toEqual({ success: true, ...answer });
    expect(bytes.toString()).toContain('<success>true</success><puid>0018400FA1B2C3D4</puid><DeviceTpmKeyState>4</DeviceTpmKeyState>');
    expect(bytes.toString()).toContain('<ServerInfo ServerTime="2025-03-14T09:26:53Z">');
    expect(bytes.toString()).toMatch(/<KeyHolderLicense><License>.*Type="KeyHolder".*<\/License><\/KeyHolderLicense>/);
    const failure = { code: 'dc002', subcode: '0x80048823' };
    expect(decodeDeviceAddResponse(encodeDeviceAddFailure(failure))).toEqual({ success: false, ...failure });
  });
});

describe('RST2', () => {
  const call = { messageId: '1741944413', created: now, expires: new Date(now.getTime() + 300_000), addresses: ['https://a.example/'] };

  it('brings credential, time and addresses to the other side', () => {
    for (const credential of [
      { kind: 'password', membername: '02abc', password: ' p ' },
      { kind: 'device-token', token: 'abc=' },
    ] as const)
      expect(decodeTokenRequest(encodeTokenRequest({ ...call, credential }))).toEqual({ ...call, credential });
    const several = {
      ...call,
      credential: { kind: 'password', membername: '02abc', password: 'p' },
      addresses: [DEVICE_TOKEN_ADDRESS, 'b'],
    } as const;
    expect(decodeTokenRequest(encodeTokenRequest(several)).addresses).toEqual(several.addresses);
  });

  it('takes a signature for a credential, but not its absence', () => {
    const bytes = encodeTokenRequest({ ...call, credential: { kind: 'password', membername: '02abc', password: 'p' } }).toString();
    const bare = bytes.replace(/<wsse:Password>.*<\/wsse:Password>/, '');
    expect(() => decodeTokenRequest(Buffer.from(bare))).toThrow(MsaMessageError);
    const signed = bare.replace('</wsse:Security>', '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></wsse:Security>');
    expect(decodeTokenRequest(Buffer.from(signed)).credential).toEqual({ kind: 'signature', membername: '02abc' });
  });

  it('answers with the tokens, and with the header that a client insists on', () => {
    const ticket = { address: 'ztd.dds.microsoft.com', created: now, expires: later, token: { kind: 'compact', text: 't=eyJ' } } as const;
    const own = { ...ticket, address: DEVICE_TOKEN_ADDRESS, token: { kind: 'legacy', text: 'abc=', secret: Buffer.alloc(32) } } as const;
    const bytes = encodeTokenResponse([own, ticket], now);
    expect(decodeTokenResponse(bytes)).toEqual([
      { address: own.address, expires: later, kind: 'legacy', text: 'abc=' },
      { address: ticket.address, expires: later, kind: 'compact', text: 't=eyJ' },
    ]);
    for (const part of ['<wsa:Action', '<wsa:To', '<wsu:Timestamp', 'psf:reqstatus>0x0<', 'Id="Compact1">t=eyJ'])
      expect(bytes.toString()).toContain(part);
    expect(decodeTokenFault(bytes)).toBeUndefined();
  });

  it('refuses with a code, a text and the time', () => {
    const bytes = encodeTokenFault({ reqstatus: '0x80048823', subcode: 'FailedAuthentication', text: 'no', now });
    expect(decodeTokenFault(bytes)).toEqual({ reqstatus: 0x80048823, text: 'no', serverTime: now });
    expect(() => decodeTokenResponse(bytes)).toThrow(MsaMessageError);
  });
});

it('refuses whatever else comes, in one way', () => {
  const decoders = [decodeDeviceAddRequest, decodeDeviceAddResponse, decodeTokenRequest, decodeTokenResponse];
  const refuses = (bytes: Uint8Array): void => {
    for (const decode of decoders) {
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(MsaMessageError);
      }
    }
    decodeTokenFault(bytes);
  };
  const template = encodeTokenRequest({
    messageId: '1',
    credential: { kind: 'password', membername: '02abc', password: 'p' },
    created: now,
    expires: later,
    addresses: ['a'],
  });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), refuses));
  fc.assert(fc.property(fc.nat(template.length - 1), fc.nat(255), (at, value) => refuses(Buffer.from(template).fill(value, at, at + 1))));
});
