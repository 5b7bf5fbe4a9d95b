import { installProviders, setUpDevice } from '@greenscreen/device/esp';
import { control } from '@greenscreen/control';
import { graph } from '@greenscreen/graph';
import { mdm } from '@greenscreen/mdm';
import { dmBatch, DmCommand, type NewDmCommand } from '@greenscreen/model/mdm-session';
import { trustedCertificate, wifiProfile } from '@greenscreen/wire/dm-tree';
import { decodeWlanProfile, encodeWlanProfile } from '@greenscreen/wire/wlan-profile';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useCloud } from '../../support/cloud.js';
import { programCertificate, type ProgramCertificate } from '../../support/program-certificate.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { GraphClient } from '../graph/support.js';
import { managedPc, type ManagedPc } from './support.js';

const cloud = useCloud(mdm, control, graph);
const SSID = 'Contoso Office';
const PASSPHRASE = 'correct horse';

describe('a device with profiles of networks and authorities', () => {
  let lab: TestTenant;
  let root: ProgramCertificate;
  let pc: ManagedPc;
  beforeAll(async () => {
    lab = await newTenant(cloud());
    root = await programCertificate();
    const answer = await cloud().request(`http://127.0.0.1/tenants/${lab.tenant.id}/assignments`, {
      body: JSON.stringify({
        groups: [{ name: 'Nobody', users: [] }],
        trustedRoots: [{ name: 'Lab root', certificate: root.der.toString('base64'), assignTo: ['Autopilot devices'] }],
        wifi: [
          { ssid: SSID, security: 'wpa2Personal', preSharedKey: PASSPHRASE },
          { ssid: 'Elsewhere', assignTo: ['Nobody'] },
        ],
      }),
    });
    expect(answer.status).toBe(200);
    const administrator = await GraphClient.of(cloud(), lab);
    const configurations = '/beta/deviceManagement/deviceConfigurations';
    const { id } = await administrator.post(configurations, {
      '@odata.type': '#microsoft.graph.windows81SCEPCertificateProfile',
      displayName: 'Certificate of the PC',
      subjectNameFormatString: 'CN=Lab PC',
    });
    const target = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };
    await administrator.post(`${configurations}/${String(id)}/assign`, { assignments: [{ target }] }, 200);
    pc = await managedPc(cloud(), lab);
    await installProviders(pc.context, pc.page, pc.management);
    await setUpDevice(pc.context, pc.page, pc.management);
  });

  it('knows the network, and its page has waited for it', () => {
    const { tree } = pc.management;
    expect(decodeWlanProfile(tree.read(wifiProfile(SSID, 'WlanXml')) ?? '')).toMatchObject({ ssid: SSID, preSharedKey: PASSPHRASE });
    expect(tree.has(wifiProfile('Elsewhere'))).toBe(false);
    expect(pc.line('DeviceSetup.NetworkConnectionsSubcategory').at(-1)).toEqual({ state: 'succeeded', text: '1 of 1 added' });
  });

  it('has asked for the certificate of a SCEP profile, and its page has waited for it', () => {
    const names = pc.context.stores.in('LocalMachine\\My').map(({ subject }) => subject);
    expect(names).toContain('CN=Lab PC');
    expect(pc.line('DeviceSetup.CertificatesSubcategory').at(-1)).toEqual({ state: 'succeeded', text: '1 of 1 applied' });
  });

  it('trusts the authority, and tells of it', () => {
    const print = root.print('sha1');
    expect(pc.context.stores.in('LocalMachine\\Root').map(({ thumbprint }) => thumbprint)).toContain(print);
    const issuedTo = pc.management.tree.get(trustedCertificate('Root', print, 'device', 'IssuedTo'));
    expect(issuedTo).toMatchObject({ code: 200, value: { data: 'CN=Foreign program' } });
  });

  it('refuses a profile of another network, and a certificate under another name', async () => {
    const replace = (uri: string, data: string): NewDmCommand =>
      ({ verb: 'Replace', uri, format: 'chr', data, purpose: 'custom', batch: dmBatch.custom }) as const;
    const xml = encodeWlanProfile({
      name: 'X',
      ssid: 'Lab',
      hidden: false,
      connectAutomatically: true,
      security: 'open',
      preSharedKey: null,
    });
    const certificate = root.der.toString('base64');
    const other = 'AB'.repeat(20);
    const written = [
      replace(wifiProfile('Other', 'WlanXml'), xml),
      replace(wifiProfile('Lab', 'WlanXml'), 'no XML'),
      replace(wifiProfile('Lab', 'WlanXml'), xml),
      replace(trustedCertificate('CA', other, 'device', 'EncodedCertificate'), certificate),
      replace(trustedCertificate('CA', other, 'device', 'EncodedCertificate'), 'AAAA'),
      replace(trustedCertificate('CA', root.print('sha1'), 'device', 'IssuedTo'), 'CN=X'),
      replace(trustedCertificate('CA', root.print('sha1'), 'device', 'EncodedCertificate'), certificate),
    ];
    await pc.queue(...written);
    await pc.management.sync('the test');
    const { id: enrollmentId } = await pc.record();
    const commands = await cloud().context.dataSource.manager.find(DmCommand, {
      where: { enrollmentId, purpose: 'custom' },
      order: { id: 'ASC' },
    });
    expect(commands.map(({ status }) => status)).toEqual([400, 400, 200, 400, 400, 405, 200]);
    const authorities = () => pc.context.stores.in('LocalMachine\\CA').map(({ thumbprint }) => thumbprint);
    expect(authorities()).toContain(root.print('sha1'));
    const uri = trustedCertificate('CA', root.print('sha1'));
    await pc.queue({ verb: 'Delete', uri, purpose: 'custom', batch: dmBatch.custom });
    await pc.management.sync('the test');
    expect(authorities()).not.toContain(root.print('sha1'));
  });
});
