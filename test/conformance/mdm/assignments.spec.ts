import { assignManagement, type Assignments, type IntuneAssignment, IntunePolicy } from '@greenscreen/model/mdm-session';
import { DirectoryGroup, DirectoryUser, GroupMember } from '@greenscreen/model/tenancy';
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { selectedApps } from './ime.support.js';
import { green } from './session.support.js';
import { type Run, useStatusPage, written } from './status-page.support.js';

const { cloud, em, start, toGreen, signIn } = useStatusPage();

const node = (name: string): string => `./Device/Vendor/MSFT/Policy/Config/Lab/${name}`;
const USER_NODE = './User/Vendor/MSFT/Policy/Config/Lab/ForUsers';
const to = (target: IntuneAssignment['target'], groupId: string | null = null): IntuneAssignment => ({
  target,
  groupId,
  intent: 'required',
});
const policy = (name: string, ...assignments: IntuneAssignment[]) => ({ uri: node(name), value: 1, assignments });
const win32 = (id: string, ...assignments: IntuneAssignment[]) =>
  ({ id, type: 'win32', detection: 'match', exitCode: 0, seconds: 1, assignments }) as const;

async function group({ tenant }: TestTenant, membershipRule: string | null = null): Promise<string> {
  const id = randomUUID();
  await em().insert(DirectoryGroup, { id, tenantId: tenant.id, displayName: 'G', membershipRule, createdAt: new Date() });
  return id;
}
const join = (groupId: string, memberId: string, memberType: 'user' | 'device' = 'device') =>
  em().insert(GroupMember, { groupId, memberId, memberType });
const assign = ({ tenant }: TestTenant, given: Partial<Assignments>) =>
  em().transaction((tx) => assignManagement(tx, tenant.id, { apps: [], policies: [], ...given }, cloud().context.random, new Date()));
/** Names of the lab's policies that a session has sent. */
const sent = (names: readonly string[]): string[] =>
  names.filter((name) => name.includes('/Config/Lab/')).map((name) => name.slice(name.lastIndexOf('/') + 1));
const userSession = async (run: Run, more = {}) =>
  sent(await run.session({ values: green, login: 'user', alerts: [await signIn(run)], ...more }));

describe('What a session sends', () => {
  it('are the policies of all devices and of the device’s groups, static and dynamic; an exclusion wins', async () => {
    const lab = await newTenant(cloud());
    const [one, other] = [await start(lab), await start(lab)];
    const [mine, dynamic] = [await group(lab), await group(lab, `(device.displayName -eq "${other.device.serial}")`)];
    await join(mine, one.device.objectId);
    await assign(lab, {
      policies: [
        policy('Everywhere', to('allDevices')),
        policy('Static', to('group', mine)),
        policy('Dynamic', to('group', dynamic)),
        policy('Excluded', to('allDevices'), to('exclusionGroup', mine)),
        policy('Nowhere'),
        policy('GroupThatIsGone', to('group', randomUUID())),
      ],
    });
    expect(sent(await one.session())).toEqual(['Everywhere', 'Static']);
    expect(sent(await other.session())).toEqual(['Everywhere', 'Dynamic', 'Excluded']);
  });

  it('comes at the next session to a device that joins a group, in its present version, and only once', async () => {
    const lab = await newTenant(cloud());
    const mine = await group(lab);
    await assign(lab, { policies: [policy('Late', to('group', mine))] });
    const run = await toGreen(lab);
    expect(sent(await run.session({ values: green }))).toEqual([]);
    await join(mine, run.device.objectId);
    expect(sent(await run.session({ values: green }))).toEqual(['Late']);
    expect(sent(await run.session({ values: green }))).toEqual([]);
    await em().update(IntunePolicy, { tenantId: lab.tenant.id }, { version: 2, value: 5 });
    const answers = await run.client.session({ values: green });
    expect(written(answers, node('Late'))?.data).toBe('5');
    // Nothing is sent when it no longer applies.
    await em().delete(GroupMember, { groupId: mine });
    expect(sent(await run.session({ values: green }))).toEqual([]);
  });

  it('of a user’s group counts only while that user is signed in', async () => {
    const lab = await newTenant(cloud());
    const run = await toGreen(lab);
    const [annas, bens] = [await group(lab), await group(lab, '(user.givenName -eq "ben")')];
    await join(annas, lab.user.id, 'user');
    await assign(lab, {
      policies: [
        policy('Annas', to('group', annas)),
        policy('Bens', to('group', bens)),
        policy('Licensed', to('allUsers')),
        { uri: USER_NODE, value: 1, assignments: [to('allDevices')] },
        policy('NotAnna', to('allDevices'), to('exclusionGroup', annas)),
      ],
    });
    expect(sent(await run.session({ values: green }))).toEqual(['NotAnna']);
    expect(await userSession(run)).toEqual(['Annas', 'Licensed', 'ForUsers']);
    expect(sent(await run.session({ values: green, login: 'user' }))).toEqual([]);
    await assign(lab, {
      policies: [policy('Annas', to('group', annas)), policy('NotAnna', to('allDevices'), to('exclusionGroup', annas))],
    });
    expect(sent(await run.session({ values: green, login: 'others' }))).toEqual(['NotAnna']);
    expect(sent(await run.session({ values: green, login: 'user' }))).toEqual(['Annas']);
  });

  it('of all users is for those with a license', async () => {
    const lab = await newTenant(cloud());
    await em().update(DirectoryUser, { id: lab.user.id }, { intuneLicensed: false });
    await assign(lab, { policies: [policy('Licensed', to('allUsers')), { ...policy('Own', to('allDevices')), uri: USER_NODE }] });
    expect(await userSession(await toGreen(lab))).toEqual(['ForUsers']);
  });

  it('are the apps that are required there: by OMA-DM and by the management extension', async () => {
    const lab = await newTenant(cloud());
    const [one, other] = [await start(lab), await start(lab)];
    const mine = await group(lab);
    await join(mine, one.device.objectId);
    const lob = { ...win32('l1', to('group', mine)), type: 'lob' } as const;
    await assign(lab, {
      apps: [lob, win32('w1', to('group', mine)), win32('w2', to('allDevices')), win32('w3', { ...to('allDevices'), intent: 'available' })],
    });
    const installs = (names: string[]) => names.filter((name) => /^Exec .*DownloadInstall/.test(name)).length;
    expect(installs(await one.session())).toBe(2);
    expect(installs(await other.session())).toBe(1);
    const appsOf = async ({ device }: Run) => (await selectedApps(cloud(), device.certificate)).map(({ id }) => id);
    expect(await appsOf(one)).toEqual(['w1', 'w2']);
    expect(await appsOf(other)).toEqual(['w2']);
  });

  it('a first Win32 app brings the management extension to a device that did without', async () => {
    const lab = await newTenant(cloud());
    await assign(lab, {});
    const run = await toGreen(lab);
    await assign(lab, { apps: [win32('w1', to('allDevices'))] });
    const installs = async () => (await run.session()).filter((name) => name.includes('DownloadInstall'));
    expect(await installs()).toHaveLength(2);
    expect(await installs()).toEqual([]);
  });
});
