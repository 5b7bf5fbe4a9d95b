import { describe, expect, it } from '@jest/globals';
import { mdm } from '@greenscreen/mdm';
import { useCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import { agentUp, DmClient, green, managedDevice, namesOf, stateOf } from './session.support.js';

const cloud = useCloud(mdm);

describe('OMA-DM', () => {
  it('from enrollment to green', async () => {
    const lab = await newTenant(cloud());
    const device = await managedDevice(cloud(), lab);
    const client = new DmClient(cloud, device);
    const first = await client.session();
    console.log(first.map((m) => namesOf(m)));
    console.log(await stateOf(cloud(), device));
    console.log((await client.session({ values: agentUp })).map((m) => namesOf(m)));
    console.log(await stateOf(cloud(), device));
    console.log((await client.session({ values: green })).map((m) => namesOf(m)));
    console.log(await stateOf(cloud(), device));
    expect(await stateOf(cloud(), device)).toBe('provisioned');
  });
});
