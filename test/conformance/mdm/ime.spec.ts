import { beforeAll, describe, expect, it } from '@jest/globals';
import { decryptEnvelopedData } from '@greenscreen/crypto/cms';
import { mdm } from '@greenscreen/mdm';
import { assignManagement, IntuneApp } from '@greenscreen/model/mdm-session';
import { MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { Tenant } from '@greenscreen/model/tenancy';
import {
  CONTENT_HEADER,
  decodeAppPackage,
  decodeContentInfo,
  decodeContentKey,
  decodeSelectedApps,
  type RequestContentType,
  type SelectedApp,
} from '@greenscreen/wire/ime';
import { decodeMsiFile } from '@greenscreen/wire/msi-job';
import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { askGateway, gatewayUrl, payloadOf, selectedApps, serviceAddresses } from './ime.support.js';
import { managedDevice, type ManagedTestDevice } from './session.support.js';
import { deviceKeys } from './support.js';

const cloud = useCloud(mdm);
const em = () => cloud().context.dataSource.manager;
let lab: TestTenant;
let device: ManagedTestDevice;
beforeAll(async () => {
  lab = await newTenant(cloud());
  const app = { type: 'win32', detection: 'match', exitCode: 0, seconds: 40 } as const;
  await em().transaction((tx) =>
    assignManagement(
      tx,
      lab.tenant.id,
      {
        apps: [
          { ...app, id: 'a1', name: 'First' },
          { ...app, id: 'a/2', detection: 'miss', exitCode: 5 },
          { ...app, id: 'l1', type: 'lob' },
        ],
        policies: [],
      },
      cloud().context.random,
      new Date(),
    ),
  );
  await em().update(Tenant, { id: lab.tenant.id }, { esp: { ...lab.tenant.esp, block: ['a1'] } });
  device = await managedDevice(cloud(), lab);
});

const addresses = (certificate?: Buffer): Promise<TestResponse> => serviceAddresses(cloud(), certificate);
const ask = (type: RequestContentType, payload: unknown = [], presented: Buffer | undefined = device.certificate): Promise<TestResponse> =>
  askGateway(cloud(), device.certificate, type, payload, presented);
const apps = (): Promise<SelectedApp[]> => selectedApps(cloud(), device.certificate);
const content = (id: string) => ask('GetContentInfo', { ApplicationId: id, ApplicationVersion: '1.0', Intent: 3, CertificateBlob: '' });

/** Downloads and opens an app's content as the agent does. */
async function installer(id: string) {
  const info = decodeContentInfo(payloadOf(await content(id)));
  const key = decodeContentKey(decryptEnvelopedData(info.encryptedKey, (await deviceKeys()).privateKey).content);
  const { body } = await cloud().request(info.uploadLocation);
  const decipher = createDecipheriv('aes-256-cbc', key.encryptionKey, key.iv);
  const plain = Buffer.concat([decipher.update(body.subarray(CONTENT_HEADER)), decipher.final()]);
  return { body, key, package: decodeAppPackage(plain) };
}

describe('Intune Management Extension', () => {
  it('04-63 the gateway’s address comes from the location service', async () => {
    const response = await addresses(device.certificate);
    expect([response.status, response.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(response.json()).toEqual([
      {
        Services: [
          { ServiceName: 'SideCarGatewayService', Url: expect.stringMatching(/^https:\/\/agents\.mock01\.manage\.microsoft\.com\//) },
        ],
      },
    ]);
  });

  it('without a certificate of a live enrollment nobody is answered', async () => {
    expect((await addresses()).status).toBe(403);
    expect((await ask('GetSelectedApp', [], Buffer.from('x'))).status).toBe(403);
    const gone = await managedDevice(cloud(), lab);
    expect((await ask('GetSelectedApp', [], gone.certificate)).status).toBe(200);
    await em().update(MdmEnrollment, { id: gone.id }, { state: 'retired' });
    expect((await ask('GetSelectedApp', [], gone.certificate)).status).toBe(403);
    expect((await addresses(gone.certificate)).status).toBe(403);
  });

  it('04-63 selected apps are length and gzip in base64: the Win32 apps in order, those tracked that block', async () => {
    const response = await ask('GetSelectedApp');
    const packed = Buffer.from(payloadOf(response), 'base64');
    expect(packed.subarray(4, 6).toString('hex')).toBe('1f8b');
    expect(await apps()).toMatchObject([
      { id: 'a1', name: 'First', version: '1.0', intent: 3, tracked: true },
      { id: 'a/2', tracked: false },
    ]);
    // What came stands beside the answer.
    expect(response.json()).toMatchObject({ RequestContentType: 'GetSelectedApp', ClientInfo: '{"DeviceName":"X"}' });
  });

  it('an empty list is valid', async () => {
    const other = await newTenant(cloud());
    await em().delete(IntuneApp, { tenantId: other.tenant.id });
    const { certificate } = await managedDevice(cloud(), other);
    expect(decodeSelectedApps(payloadOf(await ask('GetSelectedApp', [], certificate)))).toEqual([]);
    for (const type of ['PolicyRequest', 'GetScript'] as const) expect(payloadOf(await ask(type))).toBe('[]');
  });

  it('content is encrypted, its key is for this device', async () => {
    const first = await installer('a1');
    expect(first.package).toMatchObject({ exitCode: 0, seconds: 40 });
    const [app] = await apps();
    const { path, fileOrFolderName } = app!.detection[0]!;
    expect(first.package.creates).toEqual([`${path}\\${fileOrFolderName}`]);
    const mac = createHmac('sha256', createHash('sha256').update(first.key.encryptionKey).digest())
      .update(first.body.subarray(32))
      .digest();
    expect(first.body.subarray(0, 32).toString('hex')).toBe(mac.toString('hex'));
    expect(first.body.subarray(32, 48).toString('hex')).toBe(first.key.iv.toString('hex'));
    const second = await installer('a/2');
    expect(second.package.exitCode).toBe(5);
    expect(second.package.creates).not.toContain((await apps())[1]?.detection[0]?.path + '\\app.exe');
  });

  it('what is not there is not found; what cannot be read is refused', async () => {
    expect((await content('nobody')).status).toBe(404);
    expect((await content('l1')).status).toBe(404);
    expect((await ask('GetContentInfo', ['no object'])).status).toBe(400);
    const url = `${await gatewayUrl(cloud(), device.certificate)}/SideCarGatewaySessions('x')?api-version=1.5`;
    expect((await cloud().request(url, { method: 'PUT', body: '{}', clientCertificate: device.certificate })).status).toBe(400);
    for (const path of [
      'apps/x/a1/1.0.bin',
      `apps/${lab.tenant.id}/a1/2.0.bin`,
      `apps/${lab.tenant.id}/l1/1.0.bin`,
      `packages/${lab.tenant.id}/a1.msi`,
    ])
      expect((await cloud().request(`https://content.mock01.manage.microsoft.com/${path}`)).status).toBe(404);
  });

  it('MSIs say what they are', async () => {
    const agent = await cloud().request('https://content.mock01.manage.microsoft.com/IntuneWindowsAgent.msi');
    expect(decodeMsiFile(agent.body)).toMatchObject({ productCode: '{2FE7E6F1-0A61-4C6C-9C8F-3D1F2F5B7A10}', exitCode: 0 });
    const lob = await cloud().request(`https://content.mock01.manage.microsoft.com/packages/${lab.tenant.id}/l1.msi`);
    expect(decodeMsiFile(lob.body)).toMatchObject({ seconds: 40 });
  });
});
