import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { graph } from '@greenscreen/graph';
import { startCloud, type TestCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import { GraphClient, importBody, listOf, newDevice, stateOf } from './support.js';

const IMPORTS = '/beta/deviceManagement/importedWindowsAutopilotDeviceIdentities';
const IDENTITIES = '/beta/deviceManagement/windowsAutopilotDeviceIdentities';

describe('two replicas of Graph on one database', () => {
  const running: { cloud: TestCloud; stop: () => Promise<void> }[] = [];
  beforeAll(async () => {
    for (let count = 0; count < 2; count++) running.push(await startCloud([graph]));
  }, 60_000);
  afterAll(async () => {
    for (const { stop } of running) await stop();
  });
  const replica = (index: number): TestCloud => {
    const found = running[index];
    if (!found) throw new Error('The replicas are running only inside tests');
    return found.cloud;
  };
  const import500 = (client: GraphClient, hashes: readonly string[]) =>
    client.post(`${IMPORTS}/import`, { importedWindowsAutopilotDeviceIdentities: hashes.map((hash) => importBody(hash)) }, 200);

  it('register each device once, whoever imports it where', async () => {
    const [first, second] = [await newTenant(replica(0)), await newTenant(replica(1))];
    const clients = [
      await GraphClient.of(replica(0), first),
      await GraphClient.of(replica(1), first),
      await GraphClient.of(replica(0), second),
      await GraphClient.of(replica(1), second),
    ];
    const hashes = Array.from({ length: 150 }, () => newDevice().hash);
    await Promise.all(clients.map((client, index) => import500(client, index % 2 === 0 ? hashes : [...hashes].reverse())));
    const [a, , b] = clients;
    if (!a || !b) throw new Error('The clients are missing');
    const states = async (client: GraphClient) => (await client.list(IMPORTS)).map(stateOf);
    let all = [...(await states(a)), ...(await states(b))];
    for (let look = 0; look < 50 && all.some(({ deviceImportStatus }) => deviceImportStatus === 'unknown'); look++)
      all = [...(await states(a)), ...(await states(b))];
    const count = (name: string): number => all.filter(({ deviceErrorName }) => deviceErrorName === name).length;
    expect({ complete: count(''), refused: count('ZtdDeviceAlreadyAssigned') + count('ZtdDeviceAssignedToOtherTenant') }).toEqual({
      complete: 150,
      refused: 450,
    });
    const registered = [...(await a.list(IDENTITIES)), ...(await b.list(IDENTITIES))];
    expect(new Set(registered.map(({ serialNumber }) => serialNumber)).size).toBe(150);
    expect(registered).toHaveLength(150);
    const objects = [...(await a.list('/v1.0/devices')), ...(await b.list('/v1.0/devices'))];
    expect(objects.map(({ deviceId }) => deviceId).sort()).toEqual(registered.map((one) => one.azureAdDeviceId).sort());
  });

  it('a record that one replica took in is finished by the other', async () => {
    const lab = await newTenant(replica(0));
    const [one, other] = [await GraphClient.of(replica(0), lab), await GraphClient.of(replica(1), lab)];
    const records = listOf(await import500(one, [newDevice().hash]));
    let record = await other.get(`${IMPORTS}/${String(records[0]?.id)}`);
    for (let look = 0; look < 50 && stateOf(record).deviceImportStatus === 'unknown'; look++)
      record = await other.get(`${IMPORTS}/${String(records[0]?.id)}`);
    expect(stateOf(record)).toMatchObject({ deviceImportStatus: 'complete' });
  });

  it('a replica that starts takes up what another one left behind', async () => {
    const lab = await newTenant(replica(0), { 'graph.importStuckUnknown': true });
    const client = await GraphClient.of(replica(0), lab);
    const record = await client.import(newDevice().hash);
    expect(stateOf(record)).toMatchObject({ deviceImportStatus: 'unknown' });
    await replica(0).context.dataSource.query(`UPDATE tenant SET switches = '{}' WHERE id = $1`, [lab.tenant.id]);
    running.push(await startCloud([graph]));
    // Registered without anybody having asked after the import.
    let identities = await client.list(IDENTITIES);
    for (let look = 0; look < 200 && identities.length === 0; look++) identities = await client.list(IDENTITIES);
    expect(identities).toHaveLength(1);
  });
});
