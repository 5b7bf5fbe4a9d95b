import { beforeAll, describe, expect, it } from '@jest/globals';
import { thumbprint } from '@greenscreen/crypto/x509';
import { countOwnedDevices, DeviceCertificate, DeviceUser, EntraDevice } from '@greenscreen/model/directory';
import { Tenant } from '@greenscreen/model/tenancy';
import { IsNull, Not } from 'typeorm';
import { type TestResponse } from '../../support/cloud.js';
import { useReplicas } from '../../support/replicas.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { members } from '../sts/support.js';
import { mintTicket, registeredMachine } from '../sts/userless.support.js';
import {
  auditTrail,
  certificateOf,
  deviceOfCertificate,
  deviceToken,
  DRS,
  entra,
  findDevice,
  joinBody,
  joinedByUser,
  type JoinKeys,
  newKeys,
  postJoin,
  userToken,
} from './support.js';

const AT_ONCE = 50;

const replicas = useReplicas(...entra);
let keys: JoinKeys;
let others: JoinKeys;
beforeAll(async () => {
  keys = await newKeys();
  others = await newKeys();
});
const cloud = () => replicas().first;
const manager = () => cloud().context.dataSource.manager;

/** How often each refusal came; `200` counts the successes. */
function outcomes(answers: readonly TestResponse[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const { Subcode, ErrorType, Message } = members(answer);
    const outcome = answer.status === 200 ? '200' : [answer.status, Subcode ?? ErrorType ?? Message].join(' ');
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

/** `DELETE` with a certificate: 403 on an Autopilot object says that it is the valid one, 401 that it is not. */
const unjoinStatus = async (deviceId: string, clientCertificate: Buffer): Promise<number> =>
  (await cloud().request(`${DRS}/EnrollmentServer/device/${deviceId}`, { method: 'DELETE', clientCertificate })).status;

/** What holds of an object however many joins went over it: one certificate counts, and it is one that a join was given. */
async function oneCertificateCounts(deviceId: string, answers: readonly TestResponse[]): Promise<void> {
  const joined = answers.filter(({ status }) => status === 200).map(certificateOf);
  const rows = await manager().findBy(DeviceCertificate, { deviceId });
  expect(rows.map((row) => row.thumbprint).sort()).toEqual(joined.map((der) => thumbprint(der)).sort());
  const [current, ...more] = rows.filter(({ replacedAt }) => replacedAt === null);
  expect(more).toEqual([]);
  const statuses = await Promise.all(joined.map((der) => unjoinStatus(deviceId, der)));
  expect(joined.filter((_, index) => statuses[index] !== 401).map((der) => thumbprint(der))).toEqual([current?.thumbprint]);
}

const activities = async (lab: TestTenant, activity: string) =>
  (await auditTrail(cloud(), lab)).filter(({ activityDisplayName }) => activityDisplayName === activity);

/** The trail tells one enabling, whichever join came first, and each entry goes on where the one before it ended. */
async function auditIsOneStory(lab: TestTenant, joins: number): Promise<void> {
  const registrations = await activities(lab, 'Register device');
  expect([registrations.length, registrations.every(({ result }) => result === 'success')]).toEqual([joins, true]);
  const updates = await activities(lab, 'Update device');
  expect(updates).toHaveLength(joins);
  const history = (name: string) =>
    updates.flatMap(
      ({ targetResources }) => targetResources[0]?.modifiedProperties.filter(({ displayName }) => displayName === name) ?? [],
    );
  expect(history('AccountEnabled')).toEqual([{ displayName: 'AccountEnabled', oldValue: '[false]', newValue: '[true]' }]);
  const names = history('DisplayName');
  expect(names.slice(1).map(({ oldValue }) => oldValue)).toEqual(names.slice(0, -1).map(({ newValue }) => newValue));
  expect(await activities(lab, 'Add device')).toEqual([]);
}

describe(`${AT_ONCE} joins at once, on two replicas`, () => {
  it('of one pre-created object: one enabled object, one valid certificate, and an audit trail that explains the rest', async () => {
    const lab = await newTenant(cloud());
    const pc = await registeredMachine(cloud(), lab);
    const token = await deviceToken(cloud(), lab, pc);
    const answers = await replicas().atOnce(AT_ONCE, async (replica, index) =>
      postJoin(replica, token, await joinBody(keys, { JoinType: 11, DeviceDisplayName: `PC-${index}`, attributes: {} })),
    );
    expect(outcomes(answers)).toEqual({ 200: AT_ONCE });
    expect(await manager().countBy(EntraDevice, { tenantId: lab.tenant.id })).toBe(1);
    expect(await findDevice(cloud(), pc.deviceId)).toMatchObject({ state: 'joined_device', accountEnabled: true, disabledBy: null });
    await oneCertificateCounts(pc.deviceId, answers);
    await auditIsOneStory(lab, AT_ONCE);
  });

  it('of one pre-created object by the device and by two users: the same, with at most one owner', async () => {
    const lab = await newTenant(cloud());
    const pc = await registeredMachine(cloud(), lab);
    const attributes = { 'MSA-DDID': Buffer.from(await mintTicket(cloud(), pc), 'latin1').toString('base64') };
    const tokens = [
      await deviceToken(cloud(), lab, pc),
      await userToken(cloud(), lab),
      await userToken(cloud(), lab, {}, lab.admin),
      await deviceToken(cloud(), lab, pc),
    ];
    const answers = await replicas().atOnce(AT_ONCE, async (replica, index) => {
      const device = index % 2 === 0 ? keys : others;
      return postJoin(
        replica,
        tokens[index % tokens.length],
        await joinBody(device, (index % 4) % 3 === 0 ? { JoinType: 11 } : { attributes }),
      );
    });
    expect(outcomes(answers)).toEqual({ 200: AT_ONCE });
    expect(await manager().countBy(EntraDevice, { tenantId: lab.tenant.id })).toBe(1);
    const { objectId, state } = await findDevice(cloud(), pc.deviceId);
    expect(state).toBe('joined_user');
    const links = await manager().findBy(DeviceUser, { objectId });
    expect(links.map(({ relation }) => relation).sort()).toEqual(['owner', 'user']);
    expect(new Set(links.map(({ userId }) => userId)).size).toBe(1);
    const [last] = (await activities(lab, 'Add registered owner to device')).slice(-1);
    const registration = (await activities(lab, 'User Device Association')).find((entry) => entry.correlationId === last?.correlationId);
    expect(registration?.initiatedBy).toMatchObject({ id: links[0]?.userId });
    await oneCertificateCounts(pc.deviceId, answers);
    await auditIsOneStory(lab, AT_ONCE);
  });

  it('of one key by one user: one new object', async () => {
    const lab = await newTenant(cloud());
    const token = await userToken(cloud(), lab);
    const body = await joinBody(keys);
    const answers = await replicas().atOnce(AT_ONCE, (replica) => postJoin(replica, token, body));
    expect(outcomes(answers)).toEqual({ 200: AT_ONCE });
    const [device, ...more] = await manager().findBy(EntraDevice, { tenantId: lab.tenant.id });
    expect(more).toEqual([]);
    const rows = await manager().findBy(DeviceCertificate, { objectId: device?.objectId ?? '' });
    expect(rows.filter(({ replacedAt }) => replacedAt === null)).toHaveLength(1);
    expect(await activities(lab, 'Add device')).toHaveLength(1);
    expect(await activities(lab, 'Update device')).toHaveLength(AT_ONCE - 1);
  });

  it('of devices of one user whose limit leaves room for two: two get it', async () => {
    const lab = await newTenant(cloud());
    await manager().update(Tenant, { id: lab.tenant.id }, { deviceSettings: { ...lab.tenant.deviceSettings, quota: 3 } });
    await joinedByUser(cloud(), lab);
    const race = async (token: string) =>
      replicas().atOnce(AT_ONCE, async (replica) => postJoin(replica, token, await joinBody(keys, { attributes: {} }), '2.0'));
    expect(outcomes(await race(await userToken(cloud(), lab)))).toEqual({ 200: 2, '400 DeviceQuotaExceeded': AT_ONCE - 2 });
    expect(await countOwnedDevices(manager(), lab.user.id)).toBe(3);
    expect(await manager().countBy(EntraDevice, { tenantId: lab.tenant.id })).toBe(3);
    const results = (await activities(lab, 'Register device')).map(({ result }) => result);
    expect([results.filter((result) => result === 'success').length, results.length]).toEqual([3, AT_ONCE + 1]);
    expect(await activities(lab, 'Add device')).toHaveLength(3);
    expect(outcomes(await race(await userToken(cloud(), lab, {}, lab.admin)))).toEqual({ 200: AT_ONCE });
  });

  it('while the object is taken away: whoever comes later finds none, and none comes back', async () => {
    const lab = await newTenant(cloud());
    const { keys: first, certificate, device } = await joinedByUser(cloud(), lab);
    const token = await userToken(cloud(), lab, { deviceid: device.deviceId });
    const body = await joinBody(first);
    const gone = (
      await replicas().atOnce(AT_ONCE, (replica, index) =>
        index % 10 === 4
          ? replica.request(`${DRS}/EnrollmentServer/device/${device.deviceId}`, { method: 'DELETE', clientCertificate: certificate })
          : postJoin(replica, token, body),
      )
    ).filter((_, index) => index % 10 === 4);
    expect(gone.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(gone.every(({ status }) => status === 200 || status === 401)).toBe(true);
    const live = await manager().findBy(EntraDevice, { tenantId: lab.tenant.id, state: Not('deleted' as const) });
    expect(live).toHaveLength(1);
    const bound = await manager().findBy(DeviceCertificate, { tenantId: lab.tenant.id, replacedAt: IsNull() });
    expect(bound.map(({ objectId }) => objectId)).toEqual([live[0]?.objectId]);
    const links = await manager().findBy(DeviceUser, { userId: lab.user.id });
    expect(new Set(links.map(({ objectId }) => objectId))).toEqual(new Set([live[0]?.objectId]));
    expect((await deviceOfCertificate(cloud(), certificate)).deviceId).toBe(device.deviceId);
  });
});
