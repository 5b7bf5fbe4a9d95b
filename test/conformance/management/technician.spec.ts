import { describe, expect, it } from '@jest/globals';
import { installProviders, setUpDevice } from '@greenscreen/device/esp';
import { mdm } from '@greenscreen/mdm';
import { useCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import { app, assign, managedPc } from './support.js';

const cloud = useCloud(mdm);

describe('device part of the Enrollment Status Page', () => {
  it('04-56 comes through in the time that its installers take', async () => {
    const lab = await newTenant(cloud());
    await assign(cloud(), lab, { apps: [app('a1')], policies: [{ uri: './Device/Vendor/MSFT/Policy/Config/X/Y', value: 1 }] });
    const pc = await managedPc(cloud(), lab);
    await installProviders(pc.context, pc.page, pc.management);
    await setUpDevice(pc.context, pc.page, pc.management);
    expect((await pc.record()).state).toBe('provisioned');
    expect(pc.clock.waits).toEqual([30_000, 40_000]);
  });
});
