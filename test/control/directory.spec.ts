import { describe, expect, it } from '@jest/globals';
import { control } from '@greenscreen/control';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { basicConstraints, commonName, issueCertificate } from '@greenscreen/crypto/x509';
import { EntraDevice, precreateDevice, synchronizeDevice } from '@greenscreen/model/directory';
import { randomUUID } from 'node:crypto';
import { useCloud } from '../support/cloud.js';
import { newTenant } from '../support/tenant.js';

const cloud = useCloud(control);
const post = (path: string, body: unknown) =>
  cloud().request(`http://127.0.0.1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function userCertificate(): Promise<Buffer> {
  const { publicKey, privateKey } = await generateKeyPair('rsa2048');
  const name = commonName('PC1');
  const dates = { notBefore: new Date(0), notAfter: new Date('2049-01-01T00:00:00Z') };
  return issueCertificate({
    issuer: name,
    subject: name,
    ...dates,
    publicKey,
    signingKey: privateKey,
    extensions: [basicConstraints(false)],
  });
}

describe('the directory by the lab’s API', () => {
  it('brings a domain computer, once', async () => {
    const { tenant } = await newTenant(cloud());
    const deviceId = randomUUID();
    const computer = {
      deviceId,
      displayName: 'PC1',
      sid: 'S-1-5-21-1-2-3-1104',
      userCertificate: (await userCertificate()).toString('base64'),
    };
    const answer = await post(`/tenants/${tenant.id}/computers`, computer);
    expect([answer.status, answer.json()]).toEqual([201, { objectId: expect.any(String), deviceId }]);
    expect(await cloud().context.dataSource.manager.findOneByOrFail(EntraDevice, { deviceId })).toMatchObject({
      state: 'precreated',
      trustType: 'ServerAd',
      accountEnabled: true,
      onPremisesSecurityIdentifier: computer.sid,
    });
    expect((await post(`/tenants/${tenant.id}/computers`, computer)).status).toBe(409);
    expect((await post(`/tenants/${randomUUID()}/computers`, { ...computer, deviceId: randomUUID() })).status).toBe(404);
    for (const broken of [{ ...computer, sid: 'x' }, { ...computer, userCertificate: 'AAAA' }, {}])
      expect((await post(`/tenants/${tenant.id}/computers`, broken)).status).toBe(400);
  });

  it('removes stale objects, but none of an Autopilot registration', async () => {
    const { tenant } = await newTenant(cloud());
    const { manager } = cloud().context.dataSource;
    const long = { random: cloud().context.random, at: new Date('2024-01-01T00:00:00Z'), correlationId: 'c', tenantId: tenant.id };
    await precreateDevice(manager, { ...long, ztdId: randomUUID(), serialNumber: 'S1' });
    const old = await synchronizeDevice(manager, {
      ...long,
      deviceId: randomUUID(),
      displayName: 'PC1',
      sid: 'S-1-5-21-1',
      userCertificate: await userCertificate(),
    });
    const remove = async (before: string) => (await post(`/tenants/${tenant.id}/stale-devices`, { before })).json();
    expect(await remove('2023-01-01T00:00:00Z')).toEqual({ removed: [] });
    expect(await remove('2025-01-01T00:00:00Z')).toEqual({ removed: [old.objectId] });
    expect(await remove('2025-01-01T00:00:00Z')).toEqual({ removed: [] });
    expect((await post(`/tenants/${tenant.id}/stale-devices`, { before: 'yesterday' })).status).toBe(400);
  });
});
