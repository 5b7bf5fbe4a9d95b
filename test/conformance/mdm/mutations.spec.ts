import { beforeAll, describe, expect, it } from '@jest/globals';
import { encodeSignedData } from '@greenscreen/crypto/cms';
import { JournalEntry } from '@greenscreen/model/installation';
import { MdmCertificate, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { mdm } from '@greenscreen/mdm';
import { decodeOrbitNodeKey, encodeOrbitEnrollment, fleetPaths } from '@greenscreen/wire/fleet';
import { encodeDiscoverRequest } from '@greenscreen/wire/mde2';
import { decodeEnrollmentFault, decodeSoap, tokenTypes } from '@greenscreen/wire/soap';
import { alertType, type Command, decodeSyncMessage, encodeSyncMessage, type TreeCommand } from '@greenscreen/wire/syncml';
import { type ContextItem, encodeIssueRequest, encodeRenewRequest } from '@greenscreen/wire/wstep';
import { encodeGetPoliciesRequest } from '@greenscreen/wire/xcep';
import { randomUUID } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { fleetOf, FleetTestClient, orbit, orbitHost, programmatic } from './fleet.support.js';
import { Dice, mutate } from './mutations.support.js';
import {
  AGENT,
  alert,
  DM_CLIENT,
  MANAGEMENT,
  managedDevice,
  type ManagedTestDevice,
  packageOne,
  reactions,
  send,
} from './session.support.js';
import {
  csr,
  deviceKeys,
  deviceToken,
  DISCOVERY,
  DM_DEVICE_ID,
  ENROLLMENT,
  items,
  joinedAutopilotDevice,
  plain,
  post,
  userToken,
} from './support.js';

/** Change it to see other mutants; the same number makes the same ones. */
const SEED = 20_000;
/** Requests under way at once. Each lane speaks for devices of its own. */
const LANES = 12;
/** How many of the refused are sent once more, to see that they leave no trace. */
const AGAIN = 150;
const DAY_MS = 86_400_000;
const RENEWAL = 'https://r.manage.microsoft.com/StatelessEnrollmentService/DeviceEnrollment.svc';

const cloud = useCloud(mdm);
const em = () => cloud().context.dataSource.manager;

/** What an answer means; throws for one that the protocol does not have. */
type Judge = (response: TestResponse) => 'accepted' | 'refused';

interface Target {
  /** Documents that are accepted as they are, one list a lane. */
  readonly originals: readonly (readonly string[])[];
  readonly send: (body: Buffer, lane: number) => Promise<TestResponse>;
  readonly judge: Judge;
}

function whole(response: TestResponse): void {
  const { headers, body } = response;
  if (headers['content-length'] !== String(body.length) || headers['transfer-encoding'] !== undefined) fail(response);
}
const soap: Judge = (response) => {
  whole(response);
  const fault = decodeEnrollmentFault(response.body);
  if (!fault) return decodeSoap(response.body).body.name && response.status === 200 ? 'accepted' : fail(response);
  return response.status === 500 && fault.subcode !== 'a:InternalServiceFault' ? 'refused' : fail(response);
};
/** Faults of Fleet are in lower case. */
const fleetSoap: Judge = (response) => {
  whole(response);
  const text = response.text();
  if (response.status !== 200 || text.includes('InternalServiceFault')) fail(response);
  return decodeSoap(response.body).body.name === 'fault' ? 'refused' : 'accepted';
};
const syncMl: Judge = (response) => {
  whole(response);
  if (response.status === 200) return decodeSyncMessage(response.body).final ? 'accepted' : fail(response);
  return [400, 403].includes(response.status) && response.headers['content-type'] === 'text/html' ? 'refused' : fail(response);
};
function fail(response: TestResponse): never {
  throw new Error(`${response.status} ${response.text().slice(0, 1000)}`);
}

const lanes = <T>(make: (lane: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: LANES }, (_, lane) => make(lane)));

let lab: TestTenant;
/** Nobody speaks for its device: its rows stay as they are. */
let elsewhere: TestTenant;
let targets: Readonly<Record<string, Target>>;

beforeAll(async () => {
  [lab, elsewhere] = [await newTenant(cloud(), { 'mdm.largeObjects': true }), await newTenant(cloud())];
  await managedDevice(cloud(), elsewhere);
  targets = { ...(await enrollmentTargets()), ...(await managementTargets()), ...(await fleetTargets()) };
}, 300_000);

async function enrollmentTargets() {
  const discover = encodeDiscoverRequest(DISCOVERY, {
    emailAddress: `fooUser@${lab.domain}`,
    requestVersion: '6.0',
    deviceType: 'CIMClient_Windows',
    applicationVersion: '10.0.22631.3296',
    osEdition: '4',
    authPolicies: ['OnPremise', 'Federated'],
  }).toString();
  const request = await csr();
  const rst = (text: string, context: readonly ContextItem[]): string =>
    encodeIssueRequest({ to: ENROLLMENT, token: { valueType: tokenTypes.jwt, text }, csr: request, context }).toString();
  const named = { SerialNumber: 'LAB-1', Manufacturer: 'Contoso', DeviceModel: 'Book 3' };
  const requests = await lanes(async () => {
    const device = await joinedAutopilotDevice(cloud(), lab);
    const [asDevice, asUser] = [await deviceToken(cloud(), lab, device), await userToken(cloud(), lab, { deviceid: device.deviceId })];
    return {
      policies: encodeGetPoliciesRequest({ to: ENROLLMENT, token: { valueType: tokenTypes.jwt, text: asDevice } }).toString(),
      issue: [rst(asDevice, items(device, named)), rst(asUser, plain(device, named))],
    };
  });
  const renewing = await lanes(() => managedDevice(cloud(), lab));
  for (const { id } of renewing) await em().update(MdmCertificate, { enrollmentId: id }, { notAfter: new Date(Date.now() + 41 * DAY_MS) });
  const renewals = await Promise.all(
    renewing.map(async ({ certificate }) => {
      const signer = { certificate, key: (await deviceKeys()).privateKey, attributes: [] };
      return encodeRenewRequest(RENEWAL, encodeSignedData({ content: request, certificates: [certificate], signer })).toString();
    }),
  );
  const toEnrollment = (body: Buffer) => post(cloud(), ENROLLMENT, body);
  const renew = (body: Buffer, lane: number) =>
    cloud().request(RENEWAL, { method: 'POST', body, clientCertificate: renewing[lane]?.certificate ?? Buffer.alloc(0) });
  return {
    Discover: { originals: requests.map(() => [discover]), send: (body: Buffer) => post(cloud(), DISCOVERY, body), judge: soap },
    GetPolicies: { originals: requests.map(({ policies }) => [policies]), send: toEnrollment, judge: soap },
    RequestSecurityToken: { originals: requests.map(({ issue }) => issue), send: toEnrollment, judge: soap },
    Renew: { originals: renewals.map((renewal) => [renewal]), send: renew, judge: soap },
  };
}

/** Package 1 in two dresses, and what may come after it. What comes after it is tried more often: it is what is made of most parts. */
function conversation(token: string): { readonly msgId: string; readonly commands: readonly Command[] }[] {
  const answer = { header: { sessionId: '1', msgId: '1', target: DM_DEVICE_ID, source: MANAGEMENT }, final: true };
  const asked = ['./DevDetail/SwV', './DevDetail/Ext/DeviceHardwareData', `${DM_CLIENT}/EntDMID`];
  const gets = asked.map((target, index): Command => ({ verb: 'Get', cmdId: String(index + 6), items: [{ target }] }));
  const values = Object.fromEntries(asked.map((uri) => [uri, '10.0.22631.3296']));
  const answers = reactions({ ...answer, commands: gets }, { values });
  const piece: Command = {
    verb: 'Results',
    cmdId: '9',
    msgRef: '1',
    cmdRef: '6',
    items: [{ source: './DevDetail/SwV', data: 'abc', moreData: true, meta: { size: 6 } }],
  };
  const members: TreeCommand[] = [{ verb: 'Replace', cmdId: '10', items: [{ target: './DevInfo/Man', data: '1' }] }];
  const group: Command = { verb: 'Atomic', cmdId: '9', commands: members };
  const msi = alert(11, alertType.msiResult, '0', { source: `${AGENT}/DownloadInstall`, meta: { format: 'int' } });
  const later = [answers, [...answers, piece], [...answers, group, msi]].map((commands) => ({ msgId: '2', commands }));
  const first = [packageOne(), packageOne({ login: 'user', alerts: [alert(4, alertType.userToken, token)] })];
  return [...first.map((commands) => ({ msgId: '1', commands })), ...later, ...later, ...later];
}

const messages = (source: string, target: string, token: string): string[] =>
  conversation(token).map(({ msgId, commands }) =>
    encodeSyncMessage({ header: { sessionId: '1', msgId, target, source, maxMsgSize: 65_536 }, commands, final: true }).toString(),
  );

async function managementTargets() {
  const devices = await lanes(() => managedDevice(cloud(), lab));
  const token = ({ deviceId }: ManagedTestDevice): Promise<string> => userToken(cloud(), lab, { deviceid: deviceId });
  const originals = await Promise.all(devices.map(async (device) => messages(DM_DEVICE_ID, MANAGEMENT, await token(device))));
  const post = (body: Buffer, lane: number) => send(cloud(), devices[lane]?.certificate, body);
  return { 'OMA-DM': { originals, send: post, judge: syncMl } };
}

async function fleetTargets() {
  const clients = await lanes(async () => {
    const key = decodeOrbitNodeKey((await orbit(cloud(), lab, 'orbitEnroll', encodeOrbitEnrollment(orbitHost()))).text());
    const client = new FleetTestClient(cloud, lab, programmatic(key));
    await client.enroll();
    return client;
  });
  const [management, enroll] = [fleetOf(lab) + fleetPaths.management, fleetOf(lab) + fleetPaths.enroll];
  const request = await csr();
  const requests = await lanes(async () => {
    const key = decodeOrbitNodeKey((await orbit(cloud(), lab, 'orbitEnroll', encodeOrbitEnrollment(orbitHost()))).text());
    const { valueType, text } = programmatic(key);
    const [DeviceID, hwDevId] = [randomUUID().replaceAll('-', '').toUpperCase(), randomUUID()];
    // One DeviceID is one enrollment: if lanes shared it, each would set the others' hosts free to enroll again.
    const context = items({ ztdId: '', deviceId: '', objectId: '', serial: '', hwDevId }, { WhiteGlove: undefined, DeviceID });
    return encodeIssueRequest({ to: enroll, token: { valueType, text }, csr: request, context }).toString();
  });
  return {
    'OMA-DM of Fleet': {
      originals: clients.map(({ deviceId }) => messages(deviceId, management, '')),
      send: (body: Buffer) => cloud().request(management, { method: 'POST', body }),
      judge: syncMl,
    },
    'RequestSecurityToken of Fleet': {
      originals: requests.map((text) => [text]),
      send: (body: Buffer) => post(cloud(), enroll, body),
      judge: fleetSoap,
    },
  };
}

/** The rows of a tenant, as one digest. The journal tells of refused requests too. */
async function rowsOf({ tenant }: TestTenant): Promise<Record<string, string>> {
  const tables = cloud().context.dataSource.entityMetadatas.filter(
    ({ target, columns }) => target !== JournalEntry && columns.some(({ propertyName }) => propertyName === 'tenantId'),
  );
  const digests: Record<string, string> = {};
  for (const { tableName } of tables) {
    const [row] = await em().query<{ digest: string }[]>(
      `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS digest FROM "${tableName}" t WHERE tenant_id = $1`,
      [tenant.id],
    );
    digests[tableName] = row?.digest ?? '';
  }
  return digests;
}

const recorded = async () => {
  const of = { tenantId: lab.tenant.id };
  return { enrollments: await em().countBy(MdmEnrollment, of), certificates: await em().countBy(MdmCertificate, of) };
};

interface Sent {
  readonly body: Buffer;
  readonly lane: number;
}

/** Sends so many mutants of a target's documents, on all lanes at once. */
async function bombard(target: Target, count: number) {
  const problems: string[] = [];
  const refused: Sent[] = [];
  let accepted = 0;
  await lanes(async (lane) => {
    for (let index = lane; index < count && problems.length < 3; index += LANES) {
      const dice = new Dice(SEED + index);
      const { body, done } = mutate(dice.pick(target.originals[lane] ?? []), dice);
      const response = await target.send(body, lane);
      try {
        if (target.judge(response) === 'accepted') accepted += 1;
        else refused.push({ body, lane });
      } catch (error) {
        problems.push(`number ${index} (${done.join(', ')}): ${String(error)}\n${body.toString().slice(0, 4000)}`);
      }
    }
  });
  return { accepted, refused, problems };
}

/** Session by session the same message may be refused or not; what cannot be read never is. */
const isUnreadable = ({ body }: Sent): boolean => {
  try {
    decodeSyncMessage(body);
    return false;
  } catch {
    return true;
  }
};

describe('Mutated bodies', () => {
  it.each([
    ['Discover', 9000, {}],
    ['GetPolicies', 3000, {}],
    ['RequestSecurityToken', 2000, { enrollments: true, certificates: true }],
    ['Renew', 500, { certificates: true }],
    ['RequestSecurityToken of Fleet', 500, { enrollments: true, certificates: true }],
    ['OMA-DM', 4000, {}],
    ['OMA-DM of Fleet', 1000, {}],
  ] as const)(
    '%s: %i are answered, or refused in the protocol’s own form, and leave nothing behind',
    async (name, count, records) => {
      const target = targets[name]!;
      const [before, others] = [await recorded(), await rowsOf(elsewhere)];
      const { accepted, refused, problems } = await bombard(target, count);
      expect(problems).toEqual([]);
      // Both happen, or nothing is tested.
      expect([accepted > 0, refused.length > count / 4]).toEqual([true, true]);
      const [after, rows] = [await recorded(), await rowsOf(lab)];
      expect(after).toEqual({
        enrollments: before.enrollments + ('enrollments' in records ? accepted : 0),
        certificates: before.certificates + ('certificates' in records ? accepted : 0),
      });
      for (const { body, lane } of refused.filter((sent) => target.judge !== syncMl || isUnreadable(sent)).slice(0, AGAIN))
        expect(target.judge(await target.send(body, lane))).toBe('refused');
      expect(await rowsOf(lab)).toEqual(rows);
      expect(await rowsOf(elsewhere)).toEqual(others);
    },
    300_000,
  );
});
