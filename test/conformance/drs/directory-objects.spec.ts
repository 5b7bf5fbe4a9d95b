import { beforeAll, describe, expect, it } from '@jest/globals';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { removeStaleDevices, setDeviceEnabled } from '@greenscreen/model/directory';
import { randomUUID } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { members, type Members, post, text } from '../sts/support.js';
import { registeredMachine } from '../sts/userless.support.js';
import { auditTrail, deviceToken, DRS, entra, findDevice, joinBody, joinedByUser, newKeys, postJoin, userToken } from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const manager = () => cloud().context.dataSource.manager;
const change = () => ({ random: cloud().context.random, at: new Date(), correlationId: randomUUID() });

describe('pre-creation', () => {
  const applicationToken = async (of: TestTenant): Promise<string> =>
    text(
      members(
        await post(cloud(), `/${of.tenant.id}/oauth2/token`, {
          grant_type: 'client_credentials',
          client_id: of.clientId,
          client_secret: of.clientSecret,
          resource: 'urn:ms-drs:enterpriseregistration.windows.net',
        }),
      ).access_token,
    );
  const precreate = (token: string, body: Members, tenant = lab.tenant.id) =>
    cloud().request(`${DRS}/EnrollmentServer/device/precreate/${tenant}/?api-version=1.0`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });

  it('02 12.4 an application pre-creates an object, which then joins', async () => {
    const token = await applicationToken(lab);
    const ztdid = randomUUID();
    const answer = await precreate(token, { ztdid, displayName: 'SN-1' });
    expect(answer.status).toBe(201);
    const deviceId = text(members(answer).deviceId);
    expect(await findDevice(cloud(), deviceId)).toMatchObject({
      objectId: members(answer).objectId,
      state: 'precreated',
      accountEnabled: false,
      displayName: 'SN-1',
      physicalIds: [`[ZTDID]:${ztdid}`],
      trustType: 'AzureAd',
      operatingSystem: null,
    });
    expect((await auditTrail(cloud(), lab)).slice(-2).map((row) => [row.activityDisplayName, row.initiatedBy.kind])).toEqual([
      ['pre-create device', 'app'],
      ['Add device', 'app'],
    ]);
    expect((await precreate(token, { ztdid, displayName: 'SN-1' })).status).toBe(400);
    const joined = await postJoin(
      cloud(),
      await deviceToken(cloud(), lab, { ztdId: ztdid, deviceId }),
      await joinBody(await newKeys(), { JoinType: 11 }),
    );
    expect(joined.status).toBe(200);
  });

  it('02 12.4 only the tenant’s applications may; a registration without object gets one', async () => {
    const body = { ztdid: randomUUID(), displayName: 'SN-1' };
    const foreign = await newTenant(cloud());
    for (const token of [await userToken(cloud(), lab), await applicationToken(foreign)])
      expect((await precreate(token, body)).status).toBe(400);
    const token = await applicationToken(lab);
    for (const broken of [{ displayName: 'x' }, { ztdid: 'x', displayName: 'x' }, { ztdid: randomUUID() }])
      expect(members(await precreate(token, broken)).ErrorType).toBe('InvalidParameter');
    const pc = await registeredMachine(cloud(), lab);
    await manager().update('entra_device', { deviceId: pc.deviceId }, { state: 'deleted' });
    const { deviceId } = members(await precreate(token, { ztdid: pc.ztdId, displayName: 'S1' }));
    expect(await manager().findOneByOrFail(AutopilotDevice, { ztdId: pc.ztdId })).toMatchObject({ entraDeviceId: deviceId });
  });

  it('02 12.4 a join with a challenge is a join', async () => {
    const challenge = await userToken(cloud(), lab);
    const answer = await cloud().request(`${DRS}/EnrollmentServer/device/precreate/${lab.tenant.id}/?api-version=2.0`, {
      method: 'POST',
      body: await joinBody(await newKeys(), { PreAuthorizedJoinChallenge: challenge }),
    });
    expect([answer.status, members(answer).User]).toEqual([200, { Upn: lab.user.upn }]);
  });
});

describe('the directory’s own operations', () => {
  it('02 13.6 stale objects go on demand; those of Autopilot registrations stay', async () => {
    const own = await newTenant(cloud());
    const { device } = await joinedByUser(cloud(), own);
    const pc = await registeredMachine(cloud(), own);
    const remove = (before: Date) => removeStaleDevices(manager(), { ...change(), tenantId: own.tenant.id, before });
    expect(await remove(new Date(Date.now() - 86_400_000))).toEqual([]);
    expect(await remove(new Date(Date.now() + 86_400_000))).toEqual([device.objectId]);
    expect((await findDevice(cloud(), device.deviceId)).state).toBe('deleted');
    expect((await findDevice(cloud(), pc.deviceId)).state).toBe('precreated');
  });

  it('06 D-A40 enabling a pre-created object leaves it pre-created, and disabling it does not block its join', async () => {
    const pc = await registeredMachine(cloud(), lab);
    for (const enabled of [true, false]) {
      await setDeviceEnabled(manager(), await findDevice(cloud(), pc.deviceId), enabled, change());
      expect(await findDevice(cloud(), pc.deviceId)).toMatchObject({
        state: 'precreated',
        accountEnabled: enabled,
        disabledBy: enabled ? null : 'import',
      });
    }
    expect((await postJoin(cloud(), await deviceToken(cloud(), lab, pc), await joinBody(await newKeys(), { JoinType: 11 }))).status).toBe(
      200,
    );
  });
});
