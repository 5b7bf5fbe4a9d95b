import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DmCommand, DmNode, DmSession, queueCommands, queueDeviceAction, dmBatch } from '@greenscreen/model/mdm-session';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { ManagedDevice } from '@greenscreen/model/intune';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { MdmCertificate } from '@greenscreen/model/mdm-enrollment';
import { commonName, issueCertificate } from '@greenscreen/crypto/x509';
import { msOrganizationAccess } from '@greenscreen/host/authority/definitions';
import { mdm } from '@greenscreen/mdm';
import { alertCode, alertType, encodeSyncMessage, SYNCML_BINARY_TYPE, type SyncMessage } from '@greenscreen/wire/syncml';
import { startCloud, type TestCloud, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  AGENT,
  agentUp,
  alert,
  DM_CLIENT,
  DmClient,
  green,
  MANAGEMENT,
  managedDevice,
  type ManagedTestDevice,
  namesOf,
  packageOne,
  reactions,
  replyOf,
  send,
  stateOf,
  statusesOf,
  worksOf,
} from './session.support.js';
import { DM_DEVICE_ID } from './support.js';

const cloud = useCloud(mdm);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const em = () => cloud().context.dataSource.manager;
const newDevice = (): Promise<ManagedTestDevice> => managedDevice(cloud(), lab);
const clientOf = (device: ManagedTestDevice): DmClient => new DmClient(cloud, device);

const message = (commands: SyncMessage['commands'], header: Partial<SyncMessage['header']> = {}): Buffer =>
  encodeSyncMessage({ header: { sessionId: '1', msgId: '1', target: MANAGEMENT, source: DM_DEVICE_ID, ...header }, commands, final: true });

/** A custom command of an administrator. */
const queue = async ({ id }: ManagedTestDevice, ...uris: string[]): Promise<void> =>
  queueCommands(
    em(),
    { enrollmentId: id, tenantId: lab.tenant.id, at: new Date() },
    ...uris.map((uri) => ({ verb: 'Replace' as const, uri, format: 'chr', data: 'x', purpose: 'custom' as const, batch: dmBatch.custom })),
  );
/** A device whose first sync is done. */
async function synced(): Promise<{ device: ManagedTestDevice; client: DmClient }> {
  const device = await newDevice();
  const client = clientOf(device);
  await client.session();
  return { device, client };
}

describe('OMA-DM', () => {
  it('05-32 the MDM certificate alone is enough, unjoined and resealed; none, and the device certificate of Entra, are not', async () => {
    const device = await newDevice();
    const client = clientOf(device);
    // C3: the device has left Entra; nothing of what it sends is a token of Entra.
    expect((await client.session()).length).toBeGreaterThan(1);
    await client.session({ sessionId: '2', values: agentUp });
    await client.session({ sessionId: '3', values: green });
    expect(await stateOf(cloud(), device)).toBe('provisioned');
    // C4
    expect(await client.message('4', 1, packageOne())).toMatchObject({ header: { sessionId: '4' } });
    const { privateKey } = await cloud().context.authorities.get(msOrganizationAccess);
    const pair = await generateKeyPair('rsa2048');
    const ofEntra = issueCertificate({
      issuer: commonName('MS-Organization-Access'),
      subject: commonName(device.deviceId),
      notBefore: new Date(Date.now() - 1000),
      notAfter: new Date(Date.now() + 3_600_000),
      publicKey: pair.publicKey,
      signingKey: privateKey,
      extensions: [],
    });
    for (const certificate of [undefined, ofEntra]) expect((await send(cloud(), certificate, message(packageOne()))).status).toBe(403);
    expect((await send(cloud(), device.certificate, message(packageOne()))).status).toBe(200);
  });

  it('04-36 no certificate, a foreign one, an expired one, a retired enrollment: 403; what is no message: 400', async () => {
    const device = await newDevice();
    const body = message(packageOne());
    const pair = await generateKeyPair('rsa2048');
    const foreign = issueCertificate({
      issuer: commonName('Microsoft Intune MDM Device CA'),
      subject: commonName(device.id),
      notBefore: new Date(Date.now() - 1000),
      notAfter: new Date(Date.now() + 3_600_000),
      publicKey: pair.publicKey,
      signingKey: pair.privateKey,
      extensions: [],
    });
    for (const certificate of [undefined, foreign, Buffer.from('nonsense')]) {
      const refused = await send(cloud(), certificate, body);
      expect([refused.status, refused.headers['content-type'], refused.text()]).toEqual([403, 'text/html', '403 - Forbidden']);
    }
    for (const broken of ['<SyncML', 'hello', '<a/>', body.toString().replace('DM/1.2', 'DM/1.1'), `<!DOCTYPE a>${body.toString()}`]) {
      const refused = await send(cloud(), device.certificate, broken);
      expect([refused.status, refused.text()]).toEqual([400, expect.stringContaining('Bad Request')]);
    }
    expect((await send(cloud(), device.certificate, Buffer.alloc(1024 * 1024 + 1))).status).toBe(413);
    expect((await cloud().request(MANAGEMENT, { clientCertificate: device.certificate })).status).toBe(405);
    expect(await em().countBy(DmSession, { enrollmentId: device.id })).toBe(0);
    // The same message with the right certificate.
    expect((await send(cloud(), device.certificate, body)).status).toBe(200);
    await cloud().context.clock.advance(lab.tenant.id, 365 * 86_400_000);
    expect((await send(cloud(), device.certificate, body)).status).toBe(403);
    await cloud().context.clock.clear(lab.tenant.id);
    await em().update(MdmCertificate, { enrollmentId: device.id }, { revokedAt: new Date() });
    expect((await send(cloud(), device.certificate, body)).status).toBe(403);
  });

  it('04-37 package 1 is answered with statuses in order, then commands, then Final', async () => {
    const device = await newDevice();
    const response = await send(
      cloud(),
      device.certificate,
      message(packageOne({ alerts: [alert(4, alertType.bootstrapSync, 'device')] })),
    );
    expect(response.headers['content-type']).toBe('application/vnd.syncml.dm+xml');
    expect(Number(response.headers['content-length'])).toBe(response.body.length);
    expect(response.headers['transfer-encoding']).toBeUndefined();
    const answer = replyOf(response);
    expect(answer.header).toEqual({ sessionId: '1', msgId: '1', target: DM_DEVICE_ID, source: MANAGEMENT });
    expect(statusesOf(answer).map(({ cmdRef, cmd, code, msgRef }) => [cmdRef, cmd, code, msgRef])).toEqual([
      ['0', 'SyncHdr', 200, '1'],
      ['2', 'Alert', 200, '1'],
      ['3', 'Alert', 200, '1'],
      ['4', 'Alert', 200, '1'],
      ['5', 'Replace', 200, '1'],
    ]);
    expect(answer.commands.map(({ verb }) => verb).lastIndexOf('Status')).toBe(4);
    expect(namesOf(answer)).toEqual([
      'Get ./DevDetail/SwV',
      'Get ./DevDetail/Ext/DeviceHardwareData',
      'Get ./Vendor/MSFT/NodeCache/MS%20DM%20Server/CacheVersion',
    ]);
    expect(answer.final).toBe(true);
  });

  it('04-38 clients of other habits are known by their certificate', async () => {
    const pytune = await newDevice();
    const first = replyOf(
      await send(
        cloud(),
        pytune.certificate,
        message(
          packageOne().filter(({ verb }) => verb === 'Replace'),
          { source: 'imei:4f6a' },
        ),
        {
          url: MANAGEMENT,
        },
      ),
    );
    expect([first.header.target, namesOf(first).length]).toEqual(['imei:4f6a', 3]);
    const aadInternals = await newDevice();
    const body = `<?xml version = "1.0" encoding = "UTF-8" ?><SyncML><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID><Target><LocURI>${MANAGEMENT}</LocURI></Target><Source><LocURI>DESKTOP</LocURI></Source></SyncHdr><SyncBody><Alert><CmdID>1</CmdID><Data>1201</Data></Alert><Replace><CmdID>2</CmdID><Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>a</Data></Item></Replace><Final/></SyncBody></SyncML>`;
    const second = replyOf(await send(cloud(), aadInternals.certificate, body));
    expect(statusesOf(second).map(({ cmdRef, cmd }) => [cmdRef, cmd])).toEqual([
      ['0', 'SyncHdr'],
      ['1', 'Alert'],
      ['2', 'Replace'],
    ]);
    for (const [device, source] of [
      [pytune, 'imei:4f6a'],
      [aadInternals, 'DESKTOP'],
    ] as const)
      expect(await em().findOneByOrFail(DmSession, { enrollmentId: device.id })).toMatchObject({ source, messages: 1 });
  });

  it('04-39 every command has its own number and one item; data is text', async () => {
    const device = await newDevice();
    const client = clientOf(device);
    for (const answer of [...(await client.session()), ...(await client.session({ values: agentUp }))]) {
      const ids = answer.commands.flatMap((command) => [
        command.cmdId,
        ...('commands' in command ? command.commands.map(({ cmdId }) => cmdId) : []),
      ]);
      expect(ids.map(Number)).toEqual(ids.map((_, index) => index + 1));
      for (const { items } of worksOf(answer)) expect(items).toHaveLength(1);
      // Nothing but text in leaves, whatever is in the data: only Format and Type carry an attribute, their namespace.
      expect(encodeSyncMessage(answer).toString()).not.toMatch(/<(LocURI|CmdID|Data|MsgRef|Cmd)\s/);
    }
  });

  it('04-40 failures are recorded, the session goes on', async () => {
    const device = await newDevice();
    const policy = './Device/Vendor/MSFT/Policy/Config/DeviceLock/DevicePasswordEnabled';
    const provider = './Device/Vendor/MSFT/EnrollmentStatusTracking/DevicePreparation/PolicyProviders/Sidecar/InstallationState';
    const answers = await clientOf(device).session({
      codes: { './DevDetail/SwV': 406, Atomic: 507, [policy]: 216, [provider]: 418 },
    });
    expect(answers).toHaveLength(4);
    const statuses = await em().findBy(DmCommand, { enrollmentId: device.id });
    const of = (uri: string) => statuses.find((command) => command.uri === uri);
    expect(of('./DevDetail/SwV')).toMatchObject({ state: 'done', status: 406 });
    expect(of('./DevDetail/Ext/DeviceHardwareData')).toMatchObject({ state: 'done', status: 404 });
    expect(of(policy)).toMatchObject({ state: 'done', status: 216 });
    expect(of(provider)).toMatchObject({ state: 'done', status: 418 });
    expect(await em().findOneByOrFail(DmNode, { enrollmentId: device.id, uri: './Device/DevDetail/SwV' })).toMatchObject({
      value: null,
      status: 406,
    });
    expect(await stateOf(cloud(), device)).toBe('devicePrep');
  });

  it('04-41 an Exec without an answer is sent once a session, and again in the next', async () => {
    const device = await newDevice();
    const client = clientOf(device);
    const exec = `Exec ${AGENT}/DownloadInstall`;
    const count = (answers: SyncMessage[]) => answers.flatMap(namesOf).filter((name) => name === exec).length;
    expect(count(await client.session({ mute: [`${AGENT}/DownloadInstall`] }))).toBe(1);
    expect(await em().findOneByOrFail(DmCommand, { enrollmentId: device.id, verb: 'Exec' })).toMatchObject({
      state: 'sent',
      deliveries: 1,
    });
    expect(count(await client.session())).toBe(1);
    expect(count(await client.session())).toBe(0);
  });

  it('04-42 clients that acknowledge too much or too little come to an end', async () => {
    // Everything is 200, statuses are acknowledged too.
    const pytune = await newDevice();
    let messages = 1;
    let answer = await clientOf(pytune).message('1', 1, packageOne());
    for (; namesOf(answer).length > 0; messages += 1)
      answer = await clientOf(pytune).message('1', messages + 1, [
        ...reactions(answer, {}),
        {
          verb: 'Status',
          cmdId: '99',
          msgRef: answer.header.msgId,
          cmdRef: '1',
          cmd: 'Status',
          targetRefs: [],
          sourceRefs: [],
          code: 200,
          items: [],
        },
      ]);
    expect(messages).toBeLessThanOrEqual(12);
    // Goes on until a reply holds nothing but Final, and answers no Exec.
    const aadInternals = await newDevice();
    let reply = await clientOf(aadInternals).message('1', 1, packageOne());
    let sent = 1;
    for (; reply.commands.length > 0; sent += 1) {
      expect(sent).toBeLessThan(12);
      reply = await clientOf(aadInternals).message('1', sent + 1, reactions(reply, { mute: [`${AGENT}/DownloadInstall`] }));
    }
    expect(reply).toMatchObject({ commands: [], final: true });
  });

  it('04-43 MsgID 1 begins a session anew; a later message of no session is refused', async () => {
    const device = await newDevice();
    const client = clientOf(device);
    const first = await client.message('7', 1, packageOne());
    const again = await client.message('7', 1, packageOne());
    expect(namesOf(again)).toEqual(namesOf(first));
    expect(await em().countBy(DmSession, { enrollmentId: device.id, sessionId: '7' })).toBe(2);
    expect((await send(cloud(), device.certificate, message([], { sessionId: '8', msgId: '3' }))).status).toBe(400);
    expect(namesOf(await client.message('7', 2, reactions(again, {})))[0]).toBe(`Replace ${DM_CLIENT}/EntDMID`);
  });

  it('04-43 the same message once more gets the same answer, and nothing happens twice', async () => {
    const device = await newDevice();
    const client = clientOf(device);
    const first = await client.message('1', 1, packageOne());
    const body = message(reactions(first, {}), { msgId: '2' });
    const [one, two] = [await send(cloud(), device.certificate, body), await send(cloud(), device.certificate, body)];
    expect(two.body.equals(one.body)).toBe(true);
    expect((await em().findBy(DmCommand, { enrollmentId: device.id })).map(({ deliveries }) => deliveries)).not.toContain(2);
  });

  it('04-44 a user who leaves: no commands any more, and 403 from then on', async () => {
    const { device, client } = await synced();
    await queue(device, './Device/Vendor/MSFT/Waiting');
    const leave = {
      verb: 'Alert' as const,
      cmdId: '9',
      code: alertCode.generic,
      items: [{ meta: { type: alertType.userUnenrollment, format: 'int', mark: 'critical' }, data: '1' }],
    };
    const answer = await client.message('2', 1, packageOne({ alerts: [leave] }));
    expect(statusesOf(answer).map(({ code }) => code)).toEqual([200, 200, 200, 200, 200]);
    expect(namesOf(answer)).toEqual([]);
    expect(await stateOf(cloud(), device)).toBe('retired');
    expect((await send(cloud(), device.certificate, message(packageOne()))).status).toBe(403);
    expect(await em().countBy(ManagedDevice, { id: device.id })).toBe(0);
    expect(await em().findOneByOrFail(AutopilotDevice, { ztdId: device.ztdId })).toMatchObject({
      managedDeviceId: null,
      enrollmentState: 'notContacted',
      userlessEnrollmentStatus: 'blocked',
    });
  });

  it.each([
    ['retire', './Vendor/MSFT/DMClient/Provider/MS%20DM%20Server/Unenroll'],
    ['wipe', './Device/Vendor/MSFT/RemoteWipe/doWipe'],
  ] as const)('04-45 an administrator’s %s is delivered alone, once, and ends the enrollment', async (action, uri) => {
    const { device, client } = await synced();
    await queue(device, './Device/Vendor/MSFT/Waiting');
    expect(await em().transaction((tx) => queueDeviceAction(tx, device.id, action, new Date()))).toBe(true);
    const answer = await client.message('2', 1, packageOne());
    expect(namesOf(answer)).toEqual([`Exec ${uri}`]);
    // Not accepted: nothing has ended, and it comes again in the next session only.
    expect(namesOf(await client.message('2', 2, reactions(answer, { mute: [uri] })))).toEqual([]);
    expect(await stateOf(cloud(), device)).toBe('devicePrep');
    const next = await client.session({ sessionId: '3' });
    expect(next.map(namesOf)).toEqual([[`Exec ${uri}`], []]);
    expect(await stateOf(cloud(), device)).toBe('retired');
    expect((await send(cloud(), device.certificate, message(packageOne()))).status).toBe(403);
  });

  it('04-47 SessionID and MsgID come back as they were', async () => {
    const device = await newDevice();
    for (const [sessionId, msgId] of [
      ['4294967295', '1'],
      ['AB-7', '01'],
    ] as const) {
      const answer = replyOf(await send(cloud(), device.certificate, message(packageOne(), { sessionId, msgId })));
      expect([answer.header.sessionId, answer.header.msgId]).toEqual([sessionId, msgId]);
    }
  });

  it('04-48 charset and query do not matter; the binary form is not read', async () => {
    const device = await newDevice();
    const body = message(packageOne());
    const plain = replyOf(await send(cloud(), device.certificate, body));
    for (const options of [
      { url: MANAGEMENT },
      { headers: { 'content-type': 'application/vnd.syncml.dm+xml; charset=utf-8' } },
      { headers: { 'content-type': 'text/plain' } },
    ])
      expect(namesOf(replyOf(await send(cloud(), device.certificate, body, options)))).toEqual(namesOf(plain));
    expect((await send(cloud(), device.certificate, body, { headers: { 'content-type': SYNCML_BINARY_TYPE } })).status).toBe(415);
  });

  it('04-49 a large result is stored as it is', async () => {
    const { device, client } = await synced();
    const uri = './Device/Vendor/MSFT/DeviceManageability/Capabilities/CSPVersions';
    const value = `<?xml version="1.0"?><CSPVersions>${'<CSP Node="./DevDetail" Version="1.2"></CSP>'.repeat(380)}</CSPVersions>`;
    await queueCommands(
      em(),
      { enrollmentId: device.id, tenantId: lab.tenant.id, at: new Date() },
      { verb: 'Get', uri, purpose: 'custom', batch: dmBatch.custom },
    );
    await client.session({ values: { [uri]: value } });
    expect(Buffer.byteLength(value)).toBeGreaterThan(16 * 1024);
    expect((await em().findOneByOrFail(DmNode, { enrollmentId: device.id, uri })).value).toBe(value);
  });

  it('more than fits goes into the next message; the client’s own limit counts', async () => {
    const { device, client } = await synced();
    await queue(device, ...Array.from({ length: 60 }, (_, index) => `./Device/Vendor/MSFT/Many/${'x'.repeat(900)}/${index}`));
    const answers = await client.session({ sessionId: '2' });
    const many = answers.map((answer) => namesOf(answer).filter((name) => name.includes('Many')).length);
    expect(many.reduce((sum, count) => sum + count)).toBe(60);
    expect(many.filter((count) => count > 0).length).toBeGreaterThan(1);
    for (const answer of answers) expect(encodeSyncMessage(answer).length).toBeLessThanOrEqual(48 * 1024);
    await queue(device, ...Array.from({ length: 10 }, (_, index) => `./Device/Vendor/MSFT/Small/${'x'.repeat(900)}/${index}`));
    const small = await send(cloud(), device.certificate, message(packageOne(), { sessionId: '3', maxMsgSize: 8000 }));
    expect(small.body.length).toBeLessThanOrEqual(8000);
  });

  describe('two replicas', () => {
    let other: { cloud: TestCloud; stop: () => Promise<void> };
    beforeAll(async () => {
      other = await startCloud([mdm]);
    });
    afterAll(() => other.stop());

    it('serve alternating messages of one session', async () => {
      const device = await newDevice();
      const body = (msgId: number, commands: SyncMessage['commands']) => message(commands, { msgId: String(msgId) });
      let answer = replyOf(await send(cloud(), device.certificate, body(1, packageOne())));
      const seen = [namesOf(answer)];
      for (let msgId = 2; namesOf(answer).length > 0; msgId += 1) {
        const replica = msgId % 2 === 0 ? other.cloud : cloud();
        answer = replyOf(await send(replica, device.certificate, body(msgId, reactions(answer, {}))));
        seen.push(namesOf(answer));
      }
      expect(seen.map((names) => names.length)).toEqual([3, 10, 3, 0]);
      expect(await stateOf(cloud(), device)).toBe('devicePrep');
    });
  });
});
