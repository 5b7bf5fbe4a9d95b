import { describe, expect, it } from '@jest/globals';
import { graph } from '@greenscreen/graph';
import { encodeHardwareHash, encodeHardwareReport } from '@greenscreen/wire/hardware-hash';
import { useCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import { appToken, BETA, errorOf, GraphClient, importBody, listOf, newDevice, objectOf, stateOf } from './support.js';

const IMPORTS = '/beta/deviceManagement/importedWindowsAutopilotDeviceIdentities';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('import of hardware hashes', () => {
  const cloud = useCloud(graph);
  const client = async (switches = {}) => GraphClient.of(cloud(), await newTenant(cloud(), switches));

  it('01-12 a posted record is unknown whatever its body says', async () => {
    const graphOf = await client();
    const { hash, serial } = newDevice();
    const record = await graphOf.post(IMPORTS, importBody(hash, { serialNumber: serial, groupTag: 'Kiosk' }));
    expect(record).toEqual({
      '@odata.context': `${BETA.replace('/deviceManagement', '')}/$metadata#deviceManagement/importedWindowsAutopilotDeviceIdentities/$entity`,
      id: expect.stringMatching(GUID),
      groupTag: 'Kiosk',
      serialNumber: serial,
      productKey: '',
      importId: expect.stringMatching(GUID),
      hardwareIdentifier: hash,
      assignedUserPrincipalName: '',
      state: { deviceImportStatus: 'unknown', deviceRegistrationId: '', deviceErrorCode: 0, deviceErrorName: '' },
    });
  });

  it('01-13 the import completes, and the identity is there at once', async () => {
    const graphOf = await client();
    const { hash, serial } = newDevice();
    const record = await graphOf.import(hash);
    expect(stateOf(record)).toEqual({
      deviceImportStatus: 'complete',
      deviceRegistrationId: expect.stringMatching(GUID),
      deviceErrorCode: 0,
      deviceErrorName: '',
    });
    const identity = await graphOf.identity(String(stateOf(record).deviceRegistrationId));
    expect(identity).toMatchObject({
      id: stateOf(record).deviceRegistrationId,
      serialNumber: serial,
      manufacturer: 'Contoso Devices',
      model: 'Labbook 14',
      skuNumber: 'LB14',
      systemFamily: 'Labbook',
      enrollmentState: 'notContacted',
      lastContactedDateTime: '0001-01-01T00:00:00Z',
      managedDeviceId: '00000000-0000-0000-0000-000000000000',
      deploymentProfileAssignmentStatus: 'assignedInSync',
      remediationState: 'noRemediationRequired',
    });
  });

  it('01-14 05-2 the same hash again in the same tenant is 806, and the first registration stays', async () => {
    const graphOf = await client();
    const { report, hash } = newDevice();
    const ztdId = await graphOf.register(hash, { groupTag: 'First' });
    const later = encodeHardwareHash({ ...report, networkAdapters: [] });
    for (const again of [hash, later])
      expect(stateOf(await graphOf.import(again, { groupTag: 'Second' }))).toEqual({
        deviceImportStatus: 'error',
        deviceRegistrationId: '',
        deviceErrorCode: 806,
        deviceErrorName: 'ZtdDeviceAlreadyAssigned',
      });
    expect(await graphOf.identity(ztdId)).toMatchObject({ groupTag: 'First' });
    expect(await graphOf.list('/v1.0/devices')).toMatchObject([{ physicalIds: [`[ZTDID]:${ztdId}`, '[OrderId]:First'] }]);
  });

  it('01-15 01-16 another tenant gets 808 and nothing else, until the first one deletes the device', async () => {
    const [a, b] = [await client(), await client()];
    const { hash } = newDevice();
    const ztdId = await a.register(hash);
    expect(stateOf(await b.import(hash))).toMatchObject({ deviceErrorCode: 808, deviceErrorName: 'ZtdDeviceAssignedToOtherTenant' });
    expect(await b.list('/beta/deviceManagement/windowsAutopilotDeviceIdentities')).toEqual([]);
    expect(await b.list('/v1.0/devices')).toEqual([]);
    expect((await a.call('DELETE', `/beta/deviceManagement/windowsAutopilotDeviceIdentities/${ztdId}`)).status).toBe(204);
    expect(stateOf(await b.import(hash))).toMatchObject({ deviceImportStatus: 'complete' });
  });

  it('01-17 01-4 05-3 what is not padded base64 is refused as Edm.Binary', async () => {
    const graphOf = await client();
    for (const literal of ['Q29udG9zbwAAA', newDevice().hash.slice(0, 3998)]) {
      const refusal = errorOf(await graphOf.call('POST', IMPORTS, importBody(literal)));
      expect(refusal).toMatchObject({ status: 400, code: 'BadRequest' });
      expect(refusal.message).toContain(`Cannot convert the literal '${literal}' to the expected type 'Edm.Binary'`);
    }
    expect(await graphOf.list(IMPORTS)).toEqual([]);
  });

  it('01-5 01-6 01-10 a damaged hash is taken in, and ends in 802', async () => {
    const graphOf = await client();
    const { report } = newDevice();
    const bytes = encodeHardwareReport(report);
    const changed = (index: number): string => {
      const copy = Buffer.from(bytes);
      copy[index] = (copy[index] ?? 0) ^ 1;
      return copy.toString('base64');
    };
    const other = newDevice({ offlineDeviceId: { type: 1, id: Buffer.alloc(32, 9) } }).hash;
    for (const hash of [changed(0), changed(300), other, ''])
      expect(stateOf(await graphOf.import(hash, { serialNumber: 'X' }))).toMatchObject({
        deviceImportStatus: 'error',
        deviceErrorCode: 802,
        deviceErrorName: 'InvalidZtdHardwareHash',
      });
    expect(stateOf(await graphOf.import(bytes.toString('base64')))).toMatchObject({ deviceImportStatus: 'complete' });
    const lenient = await client({ 'graph.hashRequireChecksum': false });
    expect(stateOf(await lenient.import(changed(300)))).toMatchObject({ deviceErrorCode: 808 });
  });

  it('01-18 a batch with one bad hash: two records, whose states diverge', async () => {
    const graphOf = await client();
    const body = { importedWindowsAutopilotDeviceIdentities: [importBody(newDevice().hash), importBody('AAAA', { serialNumber: 'Y' })] };
    const posted = listOf(await graphOf.post(`${IMPORTS}/import`, body, 200));
    expect(posted).toHaveLength(2);
    const states = (await Promise.all(posted.map(({ id }) => graphOf.get(`${IMPORTS}/${String(id)}`)))).map(stateOf);
    expect(states.map(({ deviceImportStatus }) => deviceImportStatus)).toEqual(['complete', 'error']);
  });

  it('01-19 no token is 401, a token without the permission 403, both in the envelope', async () => {
    const lab = await newTenant(cloud());
    const send = (headers: Record<string, string>) => cloud().request(`${BETA}/importedWindowsAutopilotDeviceIdentities`, { headers });
    const anonymous = await send({ 'client-request-id': 'aaaaaaaa-0000-4000-8000-000000000001' });
    expect(errorOf(anonymous)).toMatchObject({ status: 401, code: 'InvalidAuthenticationToken' });
    expect(anonymous.headers['client-request-id']).toBe('aaaaaaaa-0000-4000-8000-000000000001');
    const poor = await send({ authorization: `Bearer ${await appToken(cloud(), lab, { roles: ['User.Read.All'] })}` });
    expect(errorOf(poor)).toMatchObject({ status: 403, code: 'Forbidden' });
    for (const { headers } of [anonymous, poor]) expect(headers['request-id']).toMatch(GUID);
    expect((await send({ authorization: await appToken(cloud(), lab) })).status).toBe(200);
  });

  it('01-20 deleting the record leaves the identity; a second time it is not found', async () => {
    const graphOf = await client();
    const record = await graphOf.import(newDevice().hash);
    const address = `${IMPORTS}/${String(record.id)}`;
    expect((await graphOf.call('DELETE', address)).status).toBe(204);
    expect(await graphOf.identity(String(stateOf(record).deviceRegistrationId))).toBeDefined();
    expect(errorOf(await graphOf.call('DELETE', address))).toMatchObject({ status: 404, code: 'ResourceNotFound' });
  });

  it('01-21 the serial number of the hash counts; without any it is 803', async () => {
    const graphOf = await client();
    const { hash, serial, report } = newDevice();
    expect(await graphOf.identity(await graphOf.register(hash, { serialNumber: 'SOMETHING ELSE' }))).toMatchObject({
      serialNumber: serial,
    });
    const bare = newDevice({ serialNumber: '' });
    expect(stateOf(await graphOf.import(bare.hash))).toMatchObject({
      deviceErrorCode: 803,
      deviceErrorName: 'MissingZtdSerialNumberAndProductKey',
    });
    expect(await graphOf.identity(await graphOf.register(bare.hash, { serialNumber: 'GIVEN' }))).toMatchObject({ serialNumber: 'GIVEN' });
    expect(report.serialNumber).toBe(serial);
  });

  it('01-55 05-1 an import makes a disabled directory object without a certificate', async () => {
    const graphOf = await client();
    const { hash, serial } = newDevice();
    const ztdId = await graphOf.register(hash, { groupTag: 'Kiosk' });
    const { azureActiveDirectoryDeviceId } = await graphOf.identity(ztdId);
    expect(await graphOf.device(azureActiveDirectoryDeviceId)).toMatchObject({
      deviceId: azureActiveDirectoryDeviceId,
      displayName: serial,
      accountEnabled: false,
      physicalIds: [`[ZTDID]:${ztdId}`, '[OrderId]:Kiosk'],
      alternativeSecurityIds: [],
      trustType: 'AzureAd',
      profileType: 'RegisteredDevice',
      operatingSystem: null,
      isManaged: null,
      isCompliant: null,
      mdmAppId: null,
      enrollmentProfileName: 'WG-Entra',
    });
  });

  it('refuses what is no JSON, and more than 500 records', async () => {
    const graphOf = await client();
    expect(errorOf(await graphOf.call('POST', IMPORTS, '{ serialNumber: '))).toMatchObject({ status: 400, code: 'BadRequest' });
    const many = Array.from({ length: 501 }, () => importBody('AAAA'));
    const body = { importedWindowsAutopilotDeviceIdentities: many };
    expect(errorOf(await graphOf.call('POST', `${IMPORTS}/import`, body)).status).toBe(400);
    expect(
      objectOf(await graphOf.call('POST', `${IMPORTS}/import`, { importedWindowsAutopilotDeviceIdentities: many.slice(1) }), 200),
    ).toBeDefined();
  });
});
