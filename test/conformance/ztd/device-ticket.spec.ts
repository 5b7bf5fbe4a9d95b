import { beforeAll, describe, expect, it } from '@jest/globals';
import { rsaNumbers } from '@greenscreen/crypto/keys';
import { verifyDeviceTicket } from '@greenscreen/host/identity';
import { AikCertificate, EkRevocation } from '@greenscreen/model/attestation';
import { MsaDevice } from '@greenscreen/model/msa';
import {
  decodeTokenFault,
  decodeTokenResponse,
  DEVICE_TOKEN_ADDRESS,
  encodeTokenRequest,
  msaAddresses,
  type ReceivedToken,
  type TokenCall,
} from '@greenscreen/wire/msa';
import { ztd } from '@greenscreen/ztd';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  addDevice,
  added,
  componentsOf,
  type Credentials,
  newCredentials,
  newMachine,
  postMsa,
  prepareKeys,
  register,
  setSwitches,
  withFault,
} from './support.js';

prepareKeys(6);
const cloud = useCloud(ztd);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

const MINUTE = 60_000;
const ZTD = 'https://ztd.dds.microsoft.com';

interface TokenChange {
  readonly credential?: TokenCall['credential'];
  readonly created?: Date;
  readonly expires?: Date;
  readonly addresses?: string[];
}

const askForToken = (credentials: Credentials, change: TokenChange = {}): Promise<TestResponse> => {
  const created = change.created ?? new Date();
  return postMsa(
    cloud(),
    msaAddresses.token,
    encodeTokenRequest({
      messageId: '1',
      credential: { kind: 'password', ...credentials },
      expires: new Date(created.getTime() + 5 * MINUTE),
      addresses: [ZTD],
      ...change,
      created,
    }),
  );
};

function tokenOf(response: TestResponse): ReceivedToken {
  const [token] = decodeTokenResponse(response.body);
  if (!token) throw new Error('No token');
  return token;
}

const claimsOf = (response: TestResponse) =>
  verifyDeviceTicket(tokenOf(response).text, {
    authorities: cloud().context.authorities,
    audiences: ['ztd.dds.microsoft.com', 'enterpriseregistration.windows.net'],
    now: new Date(),
  });

describe('device add', () => {
  it('01-37 answers the HWDeviceID of the registration for serial and UUID of a registered device', async () => {
    const machine = await newMachine();
    const registration = await register(cloud(), lab, machine);
    const response = await addDevice(cloud(), newCredentials(), componentsOf(machine, false));
    expect(response.status).toBe(200);
    expect(response.text()).toContain('Success="true"');
    expect(response.text()).toMatch(/<success>true<\/success><puid>0018[0-9A-F]{12}<\/puid>/);
    expect(added(response).hwDeviceId).toBe(registration.ddid);
  });

  it('01-37 finds the device by its EK: as the id of hash record 11, and as a TPM key if it is a registered one', async () => {
    const machine = await newMachine();
    const byId = await addDevice(cloud(), newCredentials(), componentsOf(machine));
    expect(added(byId)).toMatchObject({ hwDeviceId: machine.ddid, tpmKeyState: 3 });
    // Unknown so far: a foreign client's key is nobody's EK.
    const other = await addDevice(cloud(), newCredentials(), new Map(), rsaNumbers(machine.ek.publicKey));
    expect(added(other).hwDeviceId).not.toBe(machine.ddid);
    await register(cloud(), lab, machine);
    const byKey = await addDevice(cloud(), newCredentials(), new Map(), rsaNumbers(machine.ek.publicKey));
    expect(added(byKey)).toMatchObject({ hwDeviceId: machine.ddid, tpmKeyState: 3 });
  });

  it('01-37 derives it from UUID and serial when nobody has registered them', async () => {
    const machine = await newMachine();
    const digest = createHash('sha256').update(`${machine.facts.smbiosUuid}|${machine.facts.serial}`).digest('hex');
    const answer = added(await addDevice(cloud(), newCredentials(), componentsOf(machine, false)));
    expect(answer).toMatchObject({ hwDeviceId: `0018${digest.slice(0, 12).toUpperCase()}`, tpmKeyState: 2 });
  });

  it('01-37 takes the request of a foreign client, with the values that it cannot read', async () => {
    const machine = await newMachine({ serial: 'MOCK-0001' });
    const registration = await register(cloud(), lab, machine);
    const uuid = componentsOf(machine).get('4102')?.toString('base64') ?? '';
    const body = `<?xml version="1.0"?>
<DeviceAddRequest>
  <ClientInfo name="IDCRL" version="1.0"><BinaryVersion>55</BinaryVersion></ClientInfo>
  <Authentication><Membername>${newCredentials().membername}</Membername><Password>p&amp;ssw0rd</Password></Authentication>
  <DeviceInfo Id="DeviceInfo">
    <Component name="4113">AA==</Component>
    <Component name="4101" error="-2147024894"></Component>
    <Component name="4101">TU9DSy0wMDAx</Component>
    <Component name="4102">${uuid}</Component>
    <Component name="4160" error="-2147024894"/>
    <TPMInfo><KeyValue><RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue><StorageKeyBlob>AA==</StorageKeyBlob></KeyValue></TPMInfo>
  </DeviceInfo>
</DeviceAddRequest>`;
    const answer = added(await postMsa(cloud(), msaAddresses.deviceAdd, body));
    expect(answer).toMatchObject({ hwDeviceId: registration.ddid, tpmKeyState: 2 });
    const bare = body.replace(/<DeviceInfo[\s\S]*<\/DeviceInfo>/, '').replace(/02[0-9a-f]{14}/, newCredentials().membername);
    expect(added(await postMsa(cloud(), msaAddresses.deviceAdd, bare)).hwDeviceId).toMatch(/^0018[0-9A-F]{12}$/);
  });

  it('01-38 answers a GET, and an empty POST, with the word that probes look for', async () => {
    for (const method of ['GET', 'POST']) {
      const response = await cloud().request(msaAddresses.deviceAdd, { method });
      expect(response.text()).toContain('DeviceAddResponse');
    }
  });

  it('01-40 gives a new Membername a new GlobalDeviceID on the same hardware', async () => {
    const machine = await newMachine();
    const first = added(await addDevice(cloud(), newCredentials(), componentsOf(machine)));
    const second = added(await addDevice(cloud(), newCredentials(), componentsOf(machine)));
    expect(second.hwDeviceId).toBe(first.hwDeviceId);
    expect(second.globalDeviceId).not.toBe(first.globalDeviceId);
  });

  it('01-40 updates when Membername and Password are repeated, and refuses another password', async () => {
    const machine = await newMachine();
    const credentials = newCredentials();
    const [first, again] = await Promise.all([1, 2].map(() => addDevice(cloud(), credentials, componentsOf(machine))));
    if (!first || !again) throw new Error('Two answers are expected');
    expect(added(again).globalDeviceId).toBe(added(first).globalDeviceId);
    const refused = await addDevice(cloud(), { ...credentials, password: 'guess' }, componentsOf(machine));
    expect(refused.status).toBe(400);
    expect(refused.text()).toContain('Success="false"');
    expect(refused.text()).toContain('<Error Code="dc');
    const rows = await cloud().context.dataSource.manager.findBy(MsaDevice, { membername: credentials.membername });
    expect(rows).toHaveLength(1);
  });

  it('refuses what is no device add in its own form', async () => {
    for (const body of [
      'no XML',
      '<Other/>',
      '<DeviceAddRequest><Authentication/></DeviceAddRequest>',
      '<!DOCTYPE a><DeviceAddRequest/>',
    ]) {
      const response = await postMsa(cloud(), msaAddresses.deviceAdd, body);
      expect(response.status).toBe(400);
      expect(response.text()).toContain('<DeviceAddResponse Success="false"><success>false</success>');
    }
  });
});

describe('DeviceTpmKeyState', () => {
  it('follows the attestation records: attested since the account was made, revoked, disabled by switch', async () => {
    const machine = await newMachine();
    await register(cloud(), lab, machine);
    const em = cloud().context.dataSource.manager;
    const credentials = newCredentials();
    const state = async (): Promise<number> => added(await addDevice(cloud(), credentials, componentsOf(machine))).tpmKeyState;
    const aik = {
      requestId: randomUUID(),
      ekHash: machine.ekHash,
      serial: '01',
      der: Buffer.alloc(1),
      notBefore: new Date(),
      notAfter: new Date(Date.now() + MINUTE),
    };
    // From before this Windows installation: it does not count.
    await em.insert(AikCertificate, { ...aik, fingerprint: randomBytes(32).toString('hex'), issuedAt: new Date(Date.now() - MINUTE) });
    expect(await state()).toBe(3);
    await em.insert(AikCertificate, {
      ...aik,
      requestId: randomUUID(),
      fingerprint: randomBytes(32).toString('hex'),
      issuedAt: new Date(Date.now() + 1),
    });
    expect(await state()).toBe(4);
    expect(await claimsOf(await askForToken(credentials))).toMatchObject({ tks: 4, ekh: machine.ekHash });
    await em.insert(EkRevocation, { ekHash: machine.ekHash, revokedAt: new Date() });
    expect(await state()).toBe(5);
    await setSwitches(cloud(), lab, { 'ztd.msaTpmKeyState': 6 });
    expect(await state()).toBe(6);
    await setSwitches(cloud(), lab, {});
  });
});

describe('RST2', () => {
  let credentials: Credentials;
  let hwDeviceId: string;
  let globalDeviceId: string;
  beforeAll(async () => {
    credentials = newCredentials();
    const components = componentsOf(await newMachine({ serial: 'S' }), false);
    ({ hwDeviceId, globalDeviceId } = added(await addDevice(cloud(), credentials, components)));
  });

  it('01-39 issues a compact ticket for the right password, and a SOAP fault for a wrong one', async () => {
    const response = await askForToken(credentials);
    expect(response.status).toBe(200);
    expect(response.text()).toContain('<wst:TokenType>urn:passport:compact</wst:TokenType>');
    expect(tokenOf(response).text).toMatch(/^t=eyJ/);
    expect(await claimsOf(response)).toMatchObject({
      aud: 'ztd.dds.microsoft.com',
      ddid: hwDeviceId,
      gdid: globalDeviceId,
      ekh: null,
      tks: 2,
    });
    for (const wrong of [
      { ...credentials, password: 'guess' },
      { ...credentials, membername: '02nobody' },
    ]) {
      const refused = await askForToken(wrong);
      expect(refused.text()).toContain('S:Fault');
      expect(decodeTokenFault(refused.body)?.reqstatus).toBe(0x80048823);
    }
  });

  it('01-39 answers a request from another time with a fault that tells the time', async () => {
    const expired = decodeTokenFault((await askForToken(credentials, { created: new Date(Date.now() - 10 * MINUTE) })).body);
    expect(expired?.reqstatus).toBe(0x80048820);
    expect(Math.abs((expired?.serverTime?.getTime() ?? 0) - Date.now())).toBeLessThan(MINUTE);
    const future = await askForToken(credentials, { created: new Date(Date.now() + 10 * MINUTE) });
    expect(decodeTokenFault(future.body)?.reqstatus).toBe(0x80048820);
    const nearly = await askForToken(credentials, { created: new Date(Date.now() - 4 * MINUTE) });
    expect(decodeTokenFault(nearly.body)).toBeUndefined();
  });

  it('counts the time of the tenant that the device is registered in', async () => {
    const { clock } = cloud().context;
    const machine = await newMachine();
    const own = newCredentials();
    const elsewhere = await newTenant(cloud());
    await register(cloud(), elsewhere, machine);
    await addDevice(cloud(), own, componentsOf(machine));
    await clock.advance(elsewhere.tenant.id, 60 * MINUTE);
    expect(decodeTokenFault((await askForToken(own)).body)?.reqstatus).toBe(0x80048820);
    const response = await askForToken(own, { created: new Date(Date.now() + 60 * MINUTE) });
    const { iat, exp } = await claimsOf(response);
    expect(exp - iat).toBe(86_400);
    expect(iat * 1000 - Date.now()).toBeGreaterThan(59 * MINUTE);
  });

  it('gives the device its own token first, and takes that for a ticket', async () => {
    const own = await askForToken(credentials, { addresses: [DEVICE_TOKEN_ADDRESS] });
    expect(own.text()).toContain('<wst:TokenType>urn:passport:legacy</wst:TokenType>');
    expect(own.text()).toContain('<ds:KeyName>http://Passport.NET/STS</ds:KeyName>');
    expect(own.text()).toMatch(/<wst:BinarySecret>[A-Za-z0-9+/]{43}=<\/wst:BinarySecret>/);
    const token = tokenOf(own).text;
    const ticket = await askForToken(credentials, { credential: { kind: 'device-token', token } });
    expect(await claimsOf(ticket)).toMatchObject({ gdid: globalDeviceId });
    // It is no ticket itself, and a ticket is no device token.
    await expect(claimsOf(own)).rejects.toThrow();
    const forged = Buffer.from(tokenOf(ticket).text.slice(2)).toString('base64');
    const refused = await askForToken(credentials, { credential: { kind: 'device-token', token: forged } });
    expect(decodeTokenFault(refused.body)?.reqstatus).toBe(0x80048821);
  });

  it('serves several addresses in one request; the audience is a host, whatever the address looks like', async () => {
    const response = await askForToken(credentials, {
      addresses: [DEVICE_TOKEN_ADDRESS, 'HTTPS://EnterpriseRegistration.windows.net:443/path', 'ztd.dds.microsoft.com'],
    });
    const [device, drs, profile] = decodeTokenResponse(response.body);
    expect(device?.kind).toBe('legacy');
    expect(response.text()).toContain('RequestSecurityTokenResponseCollection');
    const audiences = ['ztd.dds.microsoft.com', 'enterpriseregistration.windows.net'];
    const read = (text = '') => verifyDeviceTicket(text, { authorities: cloud().context.authorities, audiences, now: new Date() });
    expect((await read(drs?.text)).aud).toBe('enterpriseregistration.windows.net');
    expect((await read(profile?.text)).aud).toBe('ztd.dds.microsoft.com');
  });

  it('refuses what is no token request in its own form', async () => {
    for (const body of ['no XML', '<a/>', (await askForToken(credentials)).text()]) {
      const fault = decodeTokenFault((await postMsa(cloud(), msaAddresses.token, body)).body);
      expect(fault?.reqstatus).toBe(0x80048826);
    }
  });

  it('lets a fault spoil the ticket that is issued, or answer in its place', async () => {
    const match = { body: credentials.membername };
    await withFault(cloud(), { service: 'msa', operation: 'DeviceTicket', match, action: { token: { exp: -300 } } }, async () => {
      await expect(claimsOf(await askForToken(credentials))).rejects.toThrow('expired');
    });
    const ddid = '0018000000000000';
    await withFault(cloud(), { service: 'msa', operation: 'DeviceTicket', match, action: { token: { ddid } } }, async () => {
      expect(await claimsOf(await askForToken(credentials))).toMatchObject({ ddid, gdid: globalDeviceId });
    });
    await withFault(
      cloud(),
      { service: 'msa', operation: 'DeviceTicket', match, action: { respond: { code: 'msa.Unavailable' } } },
      async () => {
        const unavailable = await askForToken(credentials);
        expect(unavailable.status).toBe(503);
        expect(decodeTokenFault(unavailable.body)?.reqstatus).toBe(0x80048877);
      },
    );
    expect((await askForToken(credentials)).status).toBe(200);
  });
});
