import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { type FaultRule } from '@greenscreen/model/faults';
import { MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { assignManagement } from '@greenscreen/model/mdm-session';
import { decodeExpectedList } from '@greenscreen/wire/dm-tree';
import { decodeMsiInstallJob } from '@greenscreen/wire/msi-job';
import { encodeSyncMessage } from '@greenscreen/wire/syncml';
import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { newTenant } from '../../support/tenant.js';
import { AGENT, agentUp, DM_CLIENT, FIRST_SYNC, green, namesOf, TRACKING, worksOf } from './session.support.js';
import { FINISHED, written, useStatusPage } from './status-page.support.js';

const { cloud, em, start, toGreen, records, setEsp, noApps } = useStatusPage();

const SIDECAR_STATE = `${TRACKING}/DevicePreparation/PolicyProviders/Sidecar/InstallationState`;
const RESULT = `${FIRST_SYNC}/WasDeviceSuccessfullyProvisioned`;

describe('Enrollment Status Page', () => {
  it('04-50 the first session configures the page, EntDMID first', async () => {
    const { client, device } = await start();
    const answers = await client.session();
    expect(namesOf(answers[1]!).map((name) => name.replace(DM_CLIENT, '').replace(TRACKING, ''))).toEqual([
      'Replace /EntDMID',
      'Replace /FirstSyncStatus/TimeOutUntilSyncFailure',
      'Replace /FirstSyncStatus/BlockInStatusPage',
      'Replace /FirstSyncStatus/AllowCollectLogsButton',
      'Replace /FirstSyncStatus/SkipDeviceStatusPage',
      'Replace /FirstSyncStatus/SkipUserStatusPage',
      'Replace /FirstSyncStatus/ExpectedPolicies',
      'Add /DevicePreparation/PolicyProviders/Sidecar/InstallationState',
      'Add /DevicePreparation/PolicyProviders/Sidecar/TrackedResourceTypes/Apps',
      'Add /Setup/Apps/PolicyProviders/Sidecar/TrackingPoliciesCreated',
    ]);
    const item = (node: string) => written(answers, `${FIRST_SYNC}/${node}`);
    expect(item('TimeOutUntilSyncFailure')).toMatchObject({ meta: { format: 'int', type: 'text/plain' }, data: '60' });
    expect(item('BlockInStatusPage')).toMatchObject({ meta: { format: 'int' }, data: '3' });
    expect(item('SkipUserStatusPage')).toMatchObject({ meta: { format: 'bool' }, data: 'false' });
    expect(written(answers, `${DM_CLIENT}/EntDMID`)?.data).toBe(device.id);
    expect(decodeExpectedList(item('ExpectedPolicies')?.data ?? '')).toEqual([{ uri: `${DM_CLIENT}/EntDMID` }]);
    expect(written(answers, SIDECAR_STATE)).toMatchObject({ meta: { format: 'int' }, data: '1' });
  });

  it('04-50 further policies and line-of-business apps are expected too, joined by U+F000', async () => {
    const lab = await newTenant(cloud());
    const uri = './Device/Vendor/MSFT/Policy/Config/A/B';
    await setEsp(lab, { expectedPolicies: [uri, './User/Vendor/MSFT/Policy/Config/C/D'], block: ['lob1'] });
    const productCode = '{11111111-2222-4333-8444-555555555555}';
    const lob = { type: 'lob', detection: 'match', exitCode: 0, seconds: 1 } as const;
    await em().transaction((tx) =>
      assignManagement(
        tx,
        lab.tenant.id,
        {
          apps: [
            { ...lob, id: 'lob1', productCode },
            { ...lob, id: 'lob2' },
          ],
          policies: [],
        },
        cloud().context.random,
        new Date(),
      ),
    );
    const { client } = await start(lab);
    const answers = await client.session();
    const data = (node: string) => written(answers, `${FIRST_SYNC}/${node}`)?.data ?? '';
    expect(data('ExpectedPolicies')).toBe(`${DM_CLIENT}/EntDMID\uf000${uri}`);
    expect(encodeSyncMessage(answers[1]!).toString('hex')).toContain('ef8080');
    expect(decodeExpectedList(data('ExpectedMSIAppPackages'))).toEqual([
      { uri: './Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/%7B11111111-2222-4333-8444-555555555555%7D/Status', count: 1 },
    ]);
    const installs = answers.flatMap(worksOf).filter(({ verb }) => verb === 'Exec');
    const jobs = installs.map(({ items }) => decodeMsiInstallJob(items[0]?.data ?? ''));
    const packages = `https://content.mock01.manage.microsoft.com/packages/${lab.tenant.id}`;
    expect(jobs.map(({ urls }) => urls[0])).toEqual(
      jobs.map(({ fileHash }, index) => `${packages}/lob${index + 1}.msi?fileNameHash=${fileHash.toLowerCase()}.msi`),
    );
    expect(jobs).toHaveLength(2);
  });

  it('04-51 the agent’s Add comes before its Exec, and its hash is that of the file', async () => {
    const { client } = await start();
    const [, , answer] = await client.session();
    expect(answer?.commands.filter(({ verb }) => verb !== 'Status').map(({ verb }) => verb)).toEqual(['Atomic', 'Add', 'Exec']);
    const exec = worksOf(answer!).at(-1)?.items[0];
    expect([exec?.target, exec?.meta?.format]).toEqual([`${AGENT}/DownloadInstall`, 'xml']);
    const job = decodeMsiInstallJob(exec?.data ?? '');
    expect(job.urls[0]).toContain('IntuneWindowsAgent.msi');
    const file = await cloud().request(job.urls[0]!);
    expect(file.status).toBe(200);
    expect(createHash('sha256').update(file.body).digest('hex').toUpperCase()).toBe(job.fileHash);
  });

  it('04-52 without a Win32 app there is no agent, and the run reaches provisioned', async () => {
    const lab = await newTenant(cloud());
    await noApps(lab);
    const { client, state, session } = await start(lab);
    const values = { [FINISHED]: 'false' };
    const answers = await client.session({ values });
    expect(written(answers, SIDECAR_STATE)?.data).toBe('2');
    expect(written(answers, `${TRACKING}/Setup/Apps/PolicyProviders/Sidecar/TrackingPoliciesCreated`)?.data).toBe('true');
    const names = answers.flatMap(namesOf);
    expect(names.filter((name) => name.includes('DownloadInstall'))).toEqual([]);
    expect(names.at(-1)).toBe(`Replace ${FINISHED}`);
    expect(await state()).toBe('deviceSetup');
    await session({ values: green });
    expect(await state()).toBe('provisioned');
  });

  it('04-53 ServerHasFinishedProvisioning is written once, true, when everything else has its answer', async () => {
    const { device, client, state, session } = await start();
    const write = `Replace ${FINISHED}`;
    const install = `${AGENT}/DownloadInstall`;
    expect(await session({ mute: [install] })).not.toContain(write);
    // The job has no answer yet, though the agent is up.
    const second = await session({ values: agentUp, mute: [install] });
    expect(second).toContain(`Exec ${install}`);
    expect(second).not.toContain(write);
    // A terminal answer counts, a failure too.
    await session({ values: agentUp, codes: { [install]: 500 } });
    const third = await client.session({ values: agentUp });
    expect(third.flatMap(namesOf).filter((name) => name === write)).toHaveLength(1);
    expect(
      written(
        third.filter((answer) => namesOf(answer).includes(write)),
        FINISHED,
      )?.data,
    ).toBe('true');
    expect(await state()).toBe('deviceSetup');
    expect(await session({ values: green })).not.toContain(write);
    expect(await session({ values: green })).not.toContain(write);
    expect((await em().findOneByOrFail(MdmEnrollment, { id: device.id })).failedPhase).toBeNull();
  });

  it('04-54 an agent that fails: the device’s result decides; one that stalls: nothing is finished', async () => {
    const run = await start();
    await run.session();
    const stalled = { [`${AGENT}/Status`]: '20', [SIDECAR_STATE]: '1', [RESULT]: '2', [`${FIRST_SYNC}/IsSyncDone`]: 'false' };
    expect(await run.session({ values: stalled })).not.toContain(`Replace ${FINISHED}`);
    expect(await run.state()).toBe('devicePrep');
    await run.session({ values: { ...stalled, [`${AGENT}/Status`]: '60', [RESULT]: '0' } });
    expect(await em().findOneByOrFail(MdmEnrollment, { id: run.device.id })).toMatchObject({ state: 'failed', failedPhase: 'devicePrep' });
    expect((await records(run)).event).toMatchObject({ deploymentState: 'failure', deviceSetupStatus: 'failure' });
  });

  it('05-36 a page that failed in device setup and is tried again gets a new pass; its deployment stays failed', async () => {
    const run = await start();
    await run.session();
    await run.session({ values: agentUp });
    await run.session({ values: { ...green, [RESULT]: '0' } });
    expect(await em().findOneByOrFail(MdmEnrollment, { id: run.device.id })).toMatchObject({ state: 'failed', failedPhase: 'deviceSetup' });
    // Still red: only a question.
    expect(await run.session({ values: { [RESULT]: '0', [FINISHED]: 'true' } })).toEqual([
      `Get ${RESULT}`,
      `Get ${FIRST_SYNC}/IsSyncDone`,
      `Get ${FINISHED}`,
    ]);
    const again = await run.session({ values: { ...agentUp, [RESULT]: '2' } });
    expect(again.filter((name) => name.startsWith('Replace')).at(0)).toBe(`Replace ${DM_CLIENT}/EntDMID`);
    // The agent was installed by the first attempt.
    expect(again).not.toContain(`Exec ${AGENT}/DownloadInstall`);
    expect(again.at(-1)).toBe(`Replace ${FINISHED}`);
    expect(await run.state()).toBe('deviceSetup');
    await run.session({ values: green });
    expect(await run.state()).toBe('provisioned');
    expect((await records(run)).event.deploymentState).toBe('failure');
  });

  it('05-36 one that comes through without anything new is provisioned at once', async () => {
    const run = await start();
    await run.session();
    await run.session({ values: agentUp });
    await run.session({ values: { ...green, [RESULT]: '0' } });
    expect(await run.state()).toBe('failed');
    expect((await run.session({ values: green })).filter((name) => !name.startsWith('Get'))).toEqual([]);
    expect(await run.state()).toBe('provisioned');
  });

  it('04-55 without the Sidecar provider device setup is never left; one that is added later completes it', async () => {
    const lab = await newTenant(cloud());
    await setEsp(lab, { providers: ['ConfigMgr'] });
    const run = await start(lab);
    const names = (await run.client.session({ values: { [FINISHED]: 'false' } })).flatMap(namesOf);
    expect(names.filter((name) => name.includes('Sidecar') || name.includes('DownloadInstall'))).toEqual([]);
    expect(names.filter((name) => name.includes('ConfigMgr'))).toHaveLength(3);
    expect(await run.state()).toBe('deviceSetup');
    const waiting = { [RESULT]: '2', [`${FIRST_SYNC}/IsSyncDone`]: 'false' };
    await run.session({ values: waiting });
    expect(await run.state()).toBe('deviceSetup');
    await setEsp(lab, { providers: ['ConfigMgr', 'Sidecar'] });
    const later = await run.session({ values: waiting });
    expect(later).toEqual(expect.arrayContaining([`Add ${SIDECAR_STATE}`, `Exec ${AGENT}/DownloadInstall`]));
    await run.session({ values: green });
    expect(await run.state()).toBe('provisioned');
  });

  it('04-55 a flag that never becomes true does not keep the server from finishing', async () => {
    const run = await start();
    await run.session();
    const never = { ...agentUp, [`${TRACKING}/Setup/Apps/PolicyProviders/Sidecar/TrackingPoliciesCreated`]: 'false' };
    expect(await run.session({ values: never })).toContain(`Replace ${FINISHED}`);
    expect(await run.state()).toBe('deviceSetup');
    await run.session({ values: { ...never, [RESULT]: '2', [FINISHED]: 'true' } });
    expect(await run.state()).toBe('deviceSetup');
  });

  it('a fault can keep a node from being sent, and answer for the device', async () => {
    const arm = (syncml: NonNullable<FaultRule['action']['syncml']>, deviceId: string) =>
      cloud().context.faultRules.arm({ service: 'omadm', operation: 'Session', match: { deviceId }, action: { syncml } });
    const omitted = await start();
    await omitted.session();
    await arm({ uri: FINISHED, omit: true }, omitted.device.id);
    expect(await omitted.session({ values: agentUp })).not.toContain(`Replace ${FINISHED}`);
    expect(await omitted.state()).toBe('devicePrep');
    const answered = await start();
    await arm({ uri: './DevDetail/SwV', status: 500 }, answered.device.id);
    await answered.session({ values: { './DevDetail/SwV': '10.0' } });
    expect(await answered.state()).toBe('devicePrep');
  });

  it('05-34 the agent counts as installed only when the device has reported its MSI; kept from being sent, it never does', async () => {
    const install = `${AGENT}/DownloadInstall`;
    const installing = { [`${AGENT}/Status`]: '20', [SIDECAR_STATE]: '1' };
    const run = await start();
    expect(await run.session()).toContain(`Exec ${install}`);
    const during = await run.session({ values: installing });
    expect(await run.state()).toBe('devicePrep');
    const after = await run.session({ values: agentUp });
    expect(await run.state()).toBe('deviceSetup');
    // The state 3 is the agent's to write (06 D-B42): the service looks.
    expect([...during, ...after]).toContain(`Get ${SIDECAR_STATE}`);
    expect([...during, ...after].filter((name) => name.startsWith('Replace') && name.endsWith(SIDECAR_STATE))).toEqual([]);
    const omitted = await start();
    const { id: deviceId } = omitted.device;
    const action = { syncml: { uri: install, omit: true } as const };
    await cloud().context.faultRules.arm({ service: 'omadm', operation: 'Session', match: { deviceId }, action });
    for (const values of [{}, installing, installing]) {
      const names = await omitted.session({ values });
      expect(names).not.toContain(`Exec ${install}`);
      expect(names).not.toContain(`Replace ${FINISHED}`);
      expect(await omitted.state()).toBe('devicePrep');
    }
  });

  it('05-33 05-36 green is recorded on the deployment and nowhere else', async () => {
    const run = await toGreen();
    const { device, managed, event } = await records(run);
    expect(event).toMatchObject({
      deploymentState: 'success',
      deviceSetupStatus: 'success',
      enrollmentType: 'azureADJoinedWithWhiteGlove',
    });
    expect(device).toMatchObject({ isManaged: true, isCompliant: null });
    expect(managed).toMatchObject({ userId: null, userPrincipalName: '', complianceState: 'unknown', manufacturer: 'Contoso' });
    const autopilot = await em().findOneByOrFail(AutopilotDevice, { ztdId: run.device.ztdId });
    expect(autopilot).toMatchObject({ enrollmentState: 'enrolled', managedDeviceId: run.device.id, userlessEnrollmentStatus: 'blocked' });
    expect(autopilot.lastContactedAt?.getTime()).toBeGreaterThan(managed.enrolledDateTime.getTime());
  });
});
