import { generateKeyPair, KeyPool } from '@greenscreen/crypto/keys';
import { createSoftwareTpm } from '@greenscreen/device/tpm';
import { SignInFlow } from '@greenscreen/model/sts';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ownDatabase } from '../support/database.js';
import { useLab } from '../support/lab.js';
import { type ApiAnswer, type ApiRequest, DescribedApi } from './described-api.js';

// A database of its own: what is reset and restored here is everybody's.
const lab = useLab(() => ownDatabase('openapi-answers'));
let api: DescribedApi;
/** The first JSON answer of each operation that went well. */
const samples = new Map<string, ApiAnswer>();
let tenant: { id: string; users: string[] };
let run: string;
beforeAll(async () => {
  api = await DescribedApi.of(lab().address.control);
  tenant = (await ok('CreateTenant', { body: { domains: ['OpenAPI.example'] } })) as typeof tenant;
  ({ run } = (await ok('StartRun', { body: { scenario: 'happy-entra-preprovision' } })) as { run: string });
  await api.call('FollowRun', { path: { run } });
}, 120_000);

async function ok(operationId: string, request?: ApiRequest): Promise<unknown> {
  const answer = await api.call(operationId, request);
  if (answer.status >= 300) throw new Error(`${operationId}: ${answer.status} ${answer.bytes.toString('utf8')}`);
  if (answer.value !== undefined && !samples.has(`${operationId} ${answer.status}`)) samples.set(`${operationId} ${answer.status}`, answer);
  return answer.value;
}
const refused = async (operationId: string, request: ApiRequest, status: number): Promise<void> =>
  expect((await api.call(operationId, request)).status).toBe(status);

describe('each answer is as the description of the API has it', () => {
  it('installation, description, probes', async () => {
    for (const operation of ['Health', 'Ready', 'Version', 'OpenApi', 'Intermediates']) await ok(operation);
    const { bytes } = await api.call('Roots');
    const [first = ''] = bytes.toString('utf8').split(/(?<=-----END CERTIFICATE-----\n)/);
    await ok('Seed', { body: { ekCas: [first], firmwareRules: [{ vendor: 'IFX', major: 3, verdict: 'accepted' }] } });
    await refused('Seed', { body: { ekCas: ['nothing'] } }, 400);
  });

  it('tenants and what their administrators do', async () => {
    const path = { id: tenant.id };
    await ok('ListTenants');
    await refused('CreateTenant', { body: { id: tenant.id } }, 409);
    await ok('ChangeTenant', { path, body: { esp: { customErrorText: 'Call us' }, deviceSettings: { usersMayJoin: ['anna'] } } });
    await refused('ChangeTenant', { path: { id: randomUUID() }, body: {} }, 404);
    const app = { id: 'a1', type: 'lob', productCode: '{2FE7E6F1-0A61-4C6C-9C8F-3D1F2F5B7A10}' };
    await ok('AssignManagement', { path, body: { apps: [app], policies: [{ uri: './Device/Vendor/MSFT/Policy/x', value: 1 }] } });
    await ok('RegisterApplication', { path, body: { displayName: 'Program', secret: 's', roles: ['Device.Read.All'] } });
    await ok('ListApplications', { path });
    const order = { profile: 'device', tenant: tenant.id, deviceId: randomUUID() };
    const { certificate } = (await ok('ForgeCertificate', { body: order })) as { certificate: string };
    const computer = { deviceId: randomUUID(), displayName: 'PC1', sid: 'S-1-5-21-1-2-3-1104', userCertificate: certificate };
    await ok('SynchronizeComputer', { path: { tenant: tenant.id }, body: computer });
    await ok('RemoveStaleDevices', { path: { tenant: tenant.id }, body: { before: new Date(Date.now() + 60_000).toISOString() } });
  });

  it('clock', async () => {
    await ok('SetClock', { body: { tenant: tenant.id, advance: 1000 } });
    await ok('ReadClock', { query: { tenant: tenant.id } });
    await ok('ClearClock', { query: { tenant: tenant.id } });
    await refused('SetClock', { body: { leap: 1 } }, 400);
  });

  it('runs and scenarios', async () => {
    await ok('ListScenarios');
    await ok('ListRuns');
    await ok('ReadRun', { path: { run } });
    await ok('ReadTimeline', { path: { run } });
    const document = JSON.stringify({ apiVersion: 'whiteglove.lab/v1', id: 'short', flow: ['register'], expect: { screen: 'green' } });
    const { run: other } = (await ok('StartRun', { body: { document, file: 'short.json' } })) as { run: string };
    const events = await api.call('FollowRun', { path: { run: other } });
    expect(await ok('ReadRun', { path: { run: other } })).toMatchObject({ state: 'different' });
    expect(await ok('CompareRuns', { path: { run, other } })).toMatchObject({ differences: expect.arrayContaining([expect.anything()]) });
    const last = /id: (\d+)\nevent: end/.exec(events.bytes.toString('utf8'))?.[1] ?? '';
    expect((await api.call('FollowRun', { path: { run: other }, headers: { 'Last-Event-ID': last } })).status).toBe(204);
    await refused('StartRun', { body: { scenario: 'never-was' } }, 400);
    await refused('AbortRun', { path: { run } }, 409);
    await refused('ReadRun', { path: { run: 'never-was' } }, 404);
    const slow = JSON.stringify({
      apiVersion: 'whiteglove.lab/v1',
      id: 'slow',
      clock: { mode: 'real' },
      flow: Array(300).fill({ wait: '200ms' }),
    });
    const going = (await ok('StartRun', { body: { document: slow } })) as { run: string };
    await ok('AbortRun', { path: { run: going.run } });
    await api.call('FollowRun', { path: { run: going.run } });
  }, 60_000);

  it('journal: every exchange of a whole run, decoded', async () => {
    const { entries } = (await ok('ReadJournal', { query: { run, limit: '1000' } })) as { entries: { id: string }[] };
    expect(entries.length).toBeGreaterThan(50);
    for (const { id } of entries) await ok('ReadJournalEntry', { path: { id } });
    await refused('ReadJournalEntry', { path: { id: 'x' } }, 404);
    await refused('ReadJournal', { query: { limit: 'many' } }, 400);
  }, 60_000);

  it('devices and their records', async () => {
    const of = ((await ok('ReadRun', { path: { run } })) as { tenant: string }).tenant;
    const device = { path: { serial: 'LAB-0001' }, query: { tenant: of } };
    const records = (await ok('ReadDevice', device)) as Record<string, unknown> & { TPM: { ekHash: string } };
    expect(['AP', 'DEV', 'MD', 'EVT', 'TPM'].filter((name) => records[name] === null)).toEqual([]);
    await ok('Annotate', { path: device.path, body: { tenant: of, checkpoint: 'unjoined', at: new Date().toISOString() } });
    await ok('RevokeAttestation', { body: { tenant: of, serial: 'LAB-0001' } });
    await ok('ReadDevice', device);
    await ok('ChangeRecord', { path: { tenant: of }, body: { target: 'MD', serial: 'LAB-0001', delete: true } });
    expect(await ok('ReadDevice', device)).toMatchObject({ MD: null, TPM: { ekRevokedAt: expect.any(String) } });
    await refused('ReadDevice', { path: { serial: 'nobody' } }, 404);
    const { value } = (await ok('ListAikAuthorities')) as { value: { vendor: string; keyId: string }[] };
    const [{ vendor, keyId } = { vendor: '', keyId: '' }] = value;
    await ok('SetAikAuthority', { body: { vendor, keyId, enabled: true } });
  });

  it('faults', async () => {
    await ok('ArmFault', { body: { service: 'drs', on: 'Join', run: 'x', action: { respond: { status: 503 } }, match: { nth: 1 } } });
    expect(await ok('ListFaults', { query: { run: 'x' } })).toMatchObject({ value: [{ on: 'Join' }] });
    await ok('WalkFaults', { body: { of: run, run: 'x' } });
    await ok('ClearFaults', { query: { run: 'x' } });
    await refused('ClearFaults', { query: { id: '999999' } }, 404);
    await refused('ArmFault', { body: { service: 'drs' } }, 400);
  });

  it('forged tokens and certificates', async () => {
    await ok('ForgeToken', { body: { tenant: tenant.id, audience: 'https://graph.microsoft.com', claims: { a: 1 } } });
    const publicKey = (await generateKeyPair('rsa2048')).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    await ok('ForgeCertificate', { body: { profile: 'mdm', tenant: tenant.id, deviceId: randomUUID(), publicKey } });
    const tpm = await createSoftwareTpm({ ek: 'rsa2048', keys: new KeyPool({}) });
    const ekPublic = tpm.endorsementKey.publicArea.toString('base64');
    await ok('ForgeCertificate', { body: { profile: 'ek', ekPublic, vendor: 'INTC', model: 'ADL', firmware: '600.18', onDie: true } });
  });

  it('codes of second factors', async () => {
    const { manager } = lab().cloud.context.dataSource;
    const user = await manager.findOneByOrFail(DirectoryUser, { tenantId: tenant.id, upn: tenant.users[1]?.toLowerCase() ?? '' });
    const page = { hash: randomUUID(), tenantSegment: 'common', userId: user.id, factorCode: '123456', createdAt: new Date() };
    await manager.insert(SignInFlow, page);
    expect(await ok('ListSecondFactors', { query: { user: user.upn } })).toMatchObject({ pending: [{ code: '123456' }] });
    await refused('ListSecondFactors', { query: { tenant: 'x' } }, 400);
  });

  it('state, at last', async () => {
    await ok('TakeSnapshot', { path: { name: 'one' } });
    await ok('ListSnapshots');
    await ok('RestoreSnapshot', { path: { name: 'one' } });
    await ok('DropSnapshot', { path: { name: 'one' } });
    await refused('DropSnapshot', { path: { name: 'one' } }, 404);
    const { bytes } = await api.call('ExportState');
    await ok('ImportState', { body: bytes });
    await refused('ImportState', { body: Buffer.from('no lab') }, 400);
    await ok('ClearJournal');
    await ok('Reset', { body: { empty: true } });
  }, 60_000);
});

describe('the description', () => {
  it('has no operation that was not called here, nor an answer of one that went well and was not seen', () => {
    const described = api.operations.flatMap(({ operationId, responses }) =>
      Object.keys(responses)
        .filter((status) => status.startsWith('2'))
        .map((status) => `${operationId} ${status}`),
    );
    expect(described.filter((answer) => !api.seen.has(answer))).toEqual([]);
    expect(described.length).toBeGreaterThan(45);
  });

  it('lets nothing else through: an answer with one member more, or one less', () => {
    expect(samples.size).toBeGreaterThan(25);
    for (const [answer, { value }] of samples) {
      const [operationId = '', status = ''] = answer.split(' ');
      const validate = api.schemaOf(operationId, status);
      expect([answer, validate?.(value)]).toEqual([answer, true]);
      expect([answer, validate?.({ ...(value as object), surprise: 1 })]).toEqual([answer, false]);
      expect([answer, validate?.({})]).toEqual([answer, false]);
    }
  });
});
