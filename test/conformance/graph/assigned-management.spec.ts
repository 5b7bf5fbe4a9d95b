import { graph } from '@greenscreen/graph';
import { firstSync, scepRequest, trustedCertificate, wifiProfile } from '@greenscreen/wire/dm-tree';
import { decodeWlanProfile } from '@greenscreen/wire/wlan-profile';
import { describe, expect, it } from '@jest/globals';
import { programCertificate } from '../../support/program-certificate.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { assignedScripts, selectedApps } from '../mdm/ime.support.js';
import { agentUp, green, worksOf } from '../mdm/session.support.js';
import { type Run, useStatusPage, written } from '../mdm/status-page.support.js';
import { GraphClient, type Json } from './support.js';

const { cloud, start, toGreen, signIn, records } = useStatusPage(graph);

const CONFIGURATIONS = '/v1.0/deviceManagement/deviceConfigurations';
const APPS = '/v1.0/deviceAppManagement/mobileApps';
const COMPLIANCE = '/v1.0/deviceManagement/deviceCompliancePolicies';
const node = (name: string): string => `./Device/Vendor/MSFT/Policy/Config/Lab/${name}`;
const target = (type: string, groupId?: string) => ({
  target: { '@odata.type': `#microsoft.graph.${type}AssignmentTarget`, ...(groupId === undefined ? {} : { groupId }) },
});

/** An administrator who works through Graph. */
class Administrator {
  private constructor(readonly client: GraphClient) {}

  static async of(lab: TestTenant): Promise<Administrator> {
    return new Administrator(await GraphClient.of(cloud(), lab));
  }

  async group(...members: readonly string[]): Promise<string> {
    const id = String((await this.client.post('/v1.0/groups', { displayName: 'G' })).id);
    for (const member of members) await this.join(id, member);
    return id;
  }

  join(groupId: string, member: string): Promise<unknown> {
    return this.client.call('POST', `/v1.0/groups/${groupId}/members/$ref`, {
      '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${member}`,
    });
  }

  /** A configuration with one setting, assigned. */
  async setting(name: string, ...assignments: readonly Json[]): Promise<string> {
    const { id } = await this.client.post(CONFIGURATIONS, {
      '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
      displayName: name,
      omaSettings: [{ '@odata.type': '#microsoft.graph.omaSettingInteger', displayName: name, omaUri: node(name), value: 1 }],
    });
    await this.client.post(`${CONFIGURATIONS}/${String(id)}/assign`, { assignments }, 200);
    return String(id);
  }

  async app(body: Json, ...assignments: readonly Json[]): Promise<string> {
    const id = String((await this.client.post(APPS, body)).id);
    const answer = await this.client.call('POST', `${APPS}/${id}/assign`, { mobileAppAssignments: assignments });
    expect(answer.status).toBe(204);
    return id;
  }
}

const sent = (names: readonly string[]): string[] =>
  names.filter((name) => name.includes('/Config/Lab/')).map((name) => name.slice(name.lastIndexOf('/') + 1));

describe('What an administrator assigns through Graph', () => {
  it('reaches the devices of its groups, and no others; an exclusion wins; a new member gets it at the next sync', async () => {
    const lab = await newTenant(cloud());
    const admin = await Administrator.of(lab);
    const [one, other] = [await start(lab), await start(lab)];
    const [ones, others] = [await admin.group(one.device.objectId), await admin.group(other.device.objectId)];
    await admin.setting('Ones', target('group', ones));
    await admin.setting('Others', target('group', others));
    await admin.setting('NotOnes', target('allDevices'), target('exclusionGroup', ones));
    await admin.setting('Nobodys');
    expect(sent(await one.session())).toEqual(['Ones']);
    expect(sent(await other.session())).toEqual(['Others', 'NotOnes']);
    await admin.join(ones, other.device.objectId);
    expect(sent(await other.session())).toEqual(['Ones']);
    expect(sent(await other.session())).toEqual([]);
  });

  it('through a user’s group counts while that user is signed in', async () => {
    const lab = await newTenant(cloud());
    const admin = await Administrator.of(lab);
    const run = await toGreen(lab);
    const annas = await admin.group(lab.user.id);
    await admin.setting('Annas', target('group', annas));
    await admin.setting('Admins', target('group', await admin.group(lab.admin.id)));
    await admin.setting('Users', target('allLicensedUsers'));
    const session = async (options = {}) => sent(await run.session({ values: green, ...options }));
    expect(await session()).toEqual([]);
    expect(await session({ login: 'user', alerts: [await signIn(run)] })).toEqual(['Annas', 'Users']);
  });

  it('comes again when it was changed, and in each type on the wire as its node wants it', async () => {
    const lab = await newTenant(cloud());
    const admin = await Administrator.of(lab);
    const run = await start(lab);
    const oma = (type: string, value: unknown) => ({
      '@odata.type': `microsoft.graph.omaSetting${type}`,
      displayName: type,
      omaUri: node(type),
      value,
    });
    const settings = [
      oma('Integer', 7),
      oma('Boolean', true),
      oma('String', 'text'),
      oma('StringXml', Buffer.from('<a>&amp;</a>').toString('base64')),
      oma('Base64', 'AAEC'),
    ];
    const id = await admin.setting('Late', target('allDevices'));
    await run.session();
    expect(sent(await run.session())).toEqual([]);
    const answer = await admin.client.call('PATCH', `${CONFIGURATIONS}/${id}`, {
      '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
      omaSettings: settings,
    });
    expect([answer.status, (answer.json() as Json).version]).toEqual([200, 2]);
    const works = (await run.client.session()).flatMap(worksOf).flatMap(({ items }) => items);
    const wire = works.filter((item) => item.target?.includes('/Config/Lab/')).map(({ meta, data }) => [meta?.format, data]);
    expect(wire).toEqual([
      ['int', '7'],
      ['bool', 'true'],
      ['chr', 'text'],
      ['xml', '<a>&amp;</a>'],
      ['b64', 'AAEC'],
    ]);
    expect((await admin.client.get(`${CONFIGURATIONS}/${id}`)).omaSettings).toMatchObject(
      settings.map((setting) => ({ ...setting, '@odata.type': `#${setting['@odata.type']}` })),
    );
  });

  it('is networks and roots too', async () => {
    const lab = await newTenant(cloud());
    const admin = await Administrator.of(lab);
    const authority = await programCertificate();
    const certificate = authority.der.toString('base64');
    const beta = CONFIGURATIONS.replace('v1.0', 'beta');
    const create = async (body: Json) => {
      const { id } = await admin.client.post(beta, { displayName: 'P', ...body });
      await admin.client.post(`${beta}/${String(id)}/assign`, { assignments: [target('allDevices')] }, 200);
      return `${beta}/${String(id)}`;
    };
    const wifi = await create({
      '@odata.type': '#microsoft.graph.windowsWifiConfiguration',
      ssid: 'Office',
      networkName: 'Office',
      wifiSecurityType: 'wpa2Personal',
      preSharedKey: 'correct horse',
    });
    await create({
      '@odata.type': '#microsoft.graph.windows81TrustedRootCertificate',
      trustedRootCertificate: certificate,
      certFileName: 'root.cer',
      destinationStore: 'computerCertStoreRoot',
    });
    // A client that sends back what it has read keeps the passphrase that it was not shown.
    const shown = await admin.client.get(wifi);
    expect(shown.preSharedKey).toBeNull();
    expect((await admin.client.call('PATCH', wifi, { ...shown, connectAutomatically: true })).status).toBe(200);
    const answers = await (await start(lab)).client.session();
    expect(decodeWlanProfile(written(answers, wifiProfile('Office', 'WlanXml'))?.data ?? '')).toMatchObject({
      preSharedKey: 'correct horse',
      connectAutomatically: true,
    });
    const root = written(answers, trustedCertificate('Root', authority.print('sha1'), 'device', 'EncodedCertificate'));
    expect(root).toMatchObject({ data: certificate, meta: { format: 'b64' } });
  });

  it('is certificates by SCEP: what the request needs and Exec in one Atomic, and the page waits for them', async () => {
    const lab = await newTenant(cloud());
    const admin = await Administrator.of(lab);
    const beta = CONFIGURATIONS.replace('v1.0', 'beta');
    const profile = { '@odata.type': '#microsoft.graph.windows81SCEPCertificateProfile', displayName: 'C' };
    expect((await admin.client.call('POST', beta, profile)).status).toBe(400);
    const made = await admin.client.post(beta, {
      ...profile,
      subjectNameFormatString: 'CN=Lab',
      scepServerUrls: ['https://ndes.example/certsrv/mscep/mscep.dll'],
      keySize: 'size4096',
      hashAlgorithm: 'sha2',
      certificateValidityPeriodValue: 2,
      certificateValidityPeriodScale: 'years',
    });
    expect(made).toMatchObject({ keySize: 'size4096', extendedKeyUsages: [{ objectIdentifier: '1.3.6.1.5.5.7.3.2' }] });
    await admin.client.post(`${beta}/${String(made.id)}/assign`, { assignments: [target('allDevices')] }, 200);
    const answers = await (await start(lab)).client.session();
    const of = (...node: string[]): string => scepRequest(`LogicalName_${String(made.id)}`, ...node);
    const values = ['ServerURL', 'SubjectName', 'EKUMapping', 'KeyUsage', 'KeyLength', 'HashAlgorithm', 'ValidPeriod', 'ValidPeriodUnits'];
    expect(values.map((name) => written(answers, of('Install', name))?.data)).toEqual([
      'https://ndes.example/certsrv/mscep/mscep.dll',
      'CN=Lab',
      '1.3.6.1.5.5.7.3.2',
      '160',
      '4096',
      'SHA-2',
      'Years',
      '2',
    ]);
    const together = answers
      .flatMap(({ commands }) => commands)
      .find((command) => JSON.stringify(command).includes(of('Install', 'Enroll')));
    expect(together).toMatchObject({ verb: 'Atomic' });
    expect(written(answers, firstSync('ExpectedSCEPCerts'))?.data).toContain(of());
  });

  it('is apps: MSIs by OMA-DM, Win32 apps by the management extension, required ones only', async () => {
    const lab = await newTenant(cloud());
    const admin = await Administrator.of(lab);
    const [one, other] = [await start(lab), await start(lab)];
    const mine = target('group', await admin.group(one.device.objectId));
    const productCode = '{0F6A3F0C-3C1D-4B7A-9C55-6E1B5C7A2D11}';
    const msi = { '@odata.type': '#microsoft.graph.windowsMobileMSI', displayName: 'MSI', productCode, productVersion: '2.0' };
    const win32 = { '@odata.type': '#microsoft.graph.win32LobApp', displayName: 'Tool', installCommandLine: 'tool.exe /s' };
    await admin.app(msi, { ...mine, intent: 'required' });
    const tool = await admin.app(win32, { ...mine, intent: 'required' });
    await admin.app({ ...win32, displayName: 'Offer' }, { ...mine, intent: 'available' });
    const code = encodeURIComponent(productCode);
    const installs = async (run: Run) =>
      (await run.session({ values: agentUp })).some((name) => name.startsWith('Exec') && name.includes(code));
    expect([await installs(one), await installs(other)]).toEqual([true, false]);
    const names = async ({ device }: Run) => (await selectedApps(cloud(), device.certificate)).map(({ name }) => name);
    expect([await names(one), await names(other)]).toEqual([['Contoso VPN', 'Tool'], ['Contoso VPN']]);
    const [app] = (await selectedApps(cloud(), one.device.certificate)).filter(({ id }) => id === tool);
    expect(app?.installCommandLine).toBe('tool.exe /s');
  });

  it('is scripts, which the management extension fetches; it comes for them alone, too', async () => {
    const lab = await newTenant(cloud());
    const admin = await Administrator.of(lab);
    const [tool] = await admin.client.list(APPS);
    expect((await admin.client.call('DELETE', `${APPS}/${String(tool?.id)}`)).status).toBe(204);
    const [one, other] = [await start(lab), await start(lab)];
    const body = 'Write-Output "\u00fc"';
    const scripts = '/beta/deviceManagement/deviceManagementScripts';
    const made = await admin.client.post(scripts, { displayName: 'S', scriptContent: Buffer.from(body).toString('base64') });
    const address = `${scripts}/${String(made.id)}`;
    const group = await admin.group(one.device.objectId);
    const installs = async (run: Run) => (await run.session()).filter((name) => /^Exec .*DownloadInstall/.test(name)).length;
    expect(await installs(one)).toBe(0);
    const assigned = { deviceManagementScriptAssignments: [target('group', group)] };
    expect((await admin.client.call('POST', `${address}/assign`, assigned)).status).toBe(204);
    expect([await installs(one), await installs(one), await installs(other)]).toEqual([1, 0, 0]);
    const fetched = ({ device }: Run) => assignedScripts(cloud(), device.certificate);
    expect([await fetched(one), await fetched(other)]).toEqual([[{ id: made.id, body }], []]);
    expect((await admin.client.list(scripts))[0]?.scriptContent).toBeNull();
  });

  it('is a demand of compliance: evaluated with the association, and when one is new', async () => {
    const lab = await newTenant(cloud());
    const admin = await Administrator.of(lab);
    const run = await toGreen(lab);
    // One session associates the user, the next one evaluates.
    await run.session({ values: green, login: 'user', alerts: [await signIn(run)] });
    await run.session({ values: green, login: 'user' });
    const state = async () => (await records(run)).managed.complianceState;
    expect(await state()).toBe('compliant');
    const type = '#microsoft.graph.windows10CompliancePolicy';
    const { id } = await admin.client.post(COMPLIANCE, { '@odata.type': type, displayName: 'C', osMinimumVersion: '99.0' });
    await run.session({ values: green });
    expect(await state()).toBe('compliant');
    await admin.client.post(`${COMPLIANCE}/${String(id)}/assign`, { assignments: [target('allDevices')] }, 200);
    await run.session({ values: green });
    expect(await state()).toBe('noncompliant');
    expect((await admin.client.call('PATCH', `${COMPLIANCE}/${String(id)}`, { osMinimumVersion: '10.0.1' })).status).toBe(200);
    await run.session({ values: green });
    expect(await state()).toBe('compliant');
  });
});
