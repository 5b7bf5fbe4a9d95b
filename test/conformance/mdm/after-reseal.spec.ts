import { AuditRecord } from '@greenscreen/model/audit';
import { assignManagement } from '@greenscreen/model/mdm-session';
import { describe, expect, it } from '@jest/globals';
import { newTenant } from '../../support/tenant.js';
import { DM_CLIENT, FIRST_SYNC, green } from './session.support.js';
import { FINISHED, useStatusPage } from './status-page.support.js';

const { cloud, em, start, toGreen, records, signIn } = useStatusPage();

const USER_FINISHED = FINISHED.replace('./Device', './User');

describe('After reseal', () => {
  it('04-53 the device part is configured again, without the agent, and finished once', async () => {
    const run = await toGreen();
    const resealed = { ...green, [FINISHED]: 'false', [`${FIRST_SYNC}/IsSyncDone`]: 'false' };
    const names = await run.session({ values: resealed });
    expect(names[0]).toBe(`Get ${FINISHED}`);
    expect(names).toContain(`Replace ${DM_CLIENT}/EntDMID`);
    expect(names.filter((name) => name.includes('DownloadInstall'))).toEqual([]);
    expect(names.filter((name) => name === `Replace ${FINISHED}`)).toHaveLength(1);
    expect(names.at(-1)).toBe(`Replace ${FINISHED}`);
    expect(await run.session({ values: green })).toEqual([`Get ${FINISHED}`]);
    expect(await run.state()).toBe('provisioned');
  });

  it('04-56 05-41 the user’s token associates, by itself; one audit row; compliance starts over and is evaluated', async () => {
    const run = await toGreen();
    await run.session({ values: green, alerts: [await signIn(run)] });
    expect(await run.state()).toBe('userAssociated');
    const { lab, device } = run;
    expect(await records(run)).toMatchObject({
      managed: { userId: lab.user.id, userPrincipalName: lab.user.upn, complianceState: 'noncompliant' },
      device: { isCompliant: false },
    });
    const audit = await em().findBy(AuditRecord, { tenantId: lab.tenant.id, activityDisplayName: 'User Device Association' });
    expect(audit.filter(({ targetResources }) => targetResources.some(({ id }) => id === device.id))).toMatchObject([
      { log: 'intune', targetResources: [{ id: device.id }, { id: lab.user.id }] },
    ]);
    await run.session({ values: green, alerts: [await signIn(run)] });
    expect(await records(run)).toMatchObject({ managed: { complianceState: 'compliant' }, device: { isCompliant: true } });
    expect(await em().countBy(AuditRecord, { tenantId: lab.tenant.id, activityDisplayName: 'User Device Association' })).toBe(audit.length);
  });

  it.each([
    ['of another device', { deviceid: '3d2a9c1e-57b4-4e0f-8c66-0f9b1d2e7a35' }],
    ['without a device', { deviceid: undefined }],
    ['for another resource', { aud: 'https://graph.microsoft.com' }],
    ['of another tenant', { tid: '6f1c0d52-8a7e-4c1b-9d35-2b7e4a90c1f4' }],
    ['without a user', { upn: undefined, idtyp: 'device' }],
    ['that has expired', { exp: 1 }],
  ])('04-56 a token %s associates nobody; the alert is answered all the same', async (_what, change) => {
    const run = await toGreen();
    const [answer] = await run.client.session({ values: green, alerts: [await signIn(run, change)] });
    expect(answer?.commands.filter((command) => command.verb === 'Status').map(({ code }) => code)).toEqual([200, 200, 200, 200, 200]);
    expect(await run.state()).toBe('provisioned');
    expect((await records(run)).managed.userPrincipalName).toBe('');
    // The right one does.
    await run.session({ values: green, alerts: [await signIn(run)] });
    expect(await run.state()).toBe('userAssociated');
  });

  it('04-56 before the device part is done a token associates nobody', async () => {
    const run = await start();
    await run.session({ alerts: [await signIn(run)] });
    expect((await records(run)).managed.userId).toBeNull();
  });

  it('05-99 a user who comes too early is associated when the interval has passed', async () => {
    const lab = await newTenant(cloud(), { 'mdm.techToUserMinMinutes': 90 });
    const run = await toGreen(lab);
    await run.session({ values: green, alerts: [await signIn(run)] });
    expect((await records(run)).managed.userId).toBeNull();
    await cloud().context.clock.advance(lab.tenant.id, 91 * 60_000);
    await run.session({ values: green });
    expect((await records(run)).managed.userPrincipalName).toBe(lab.user.upn);
  });

  it('04-46 user scope waits for LoginStatus user; 405 comes again; only success completes', async () => {
    const lab = await newTenant(cloud());
    const policy = './User/Vendor/MSFT/Policy/Config/Education/AllowGraphingCalculator';
    await em().transaction((tx) =>
      assignManagement(tx, lab.tenant.id, { apps: [], policies: [{ uri: policy, value: true }] }, cloud().context.random, new Date()),
    );
    const run = await start(lab);
    await run.session({ values: { [FINISHED]: 'false' } });
    await run.session({ values: green });
    const user = (names: string[]) => names.filter((name) => name.includes(' ./User'));
    expect(user(await run.session({ values: green, alerts: [await signIn(run)] }))).toEqual([]);
    expect(await run.state()).toBe('userAssociated');
    const refused = await run.session({ values: green, login: 'user', codes: { [policy]: 405 } });
    expect(user(refused)).toContain(`Replace ${policy}`);
    expect(user(refused)).not.toContain(`Replace ${USER_FINISHED}`);
    expect(await run.state()).toBe('userSetup');
    expect(user(await run.session({ values: green, login: 'others' }))).toEqual([]);
    expect(user(await run.session({ values: green, login: 'user', codes: { [USER_FINISHED]: 405 } }))).toEqual([
      `Replace ${policy}`,
      `Replace ${USER_FINISHED}`,
    ]);
    expect(await run.state()).toBe('userSetup');
    expect(user(await run.session({ values: green, login: 'user' }))).toEqual([`Replace ${USER_FINISHED}`]);
    expect(await run.state()).toBe('complete');
    expect((await records(run)).event.accountSetupStatus).toBe('success');
    expect(user(await run.session({ values: green, login: 'user' }))).toEqual([]);
  });

  it('04-57 a lost join: management goes on, nobody is associated, compliance stays unknown', async () => {
    const run = await toGreen();
    for (const login of ['others', 'none'] as const) await run.session({ values: green, login });
    expect(await run.state()).toBe('provisioned');
    expect(await records(run)).toMatchObject({ managed: { userId: null, complianceState: 'unknown' }, device: { isCompliant: null } });
  });
});
