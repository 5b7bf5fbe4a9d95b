import { beforeAll, describe, expect, it } from '@jest/globals';
import { readMdmCertificate } from '@greenscreen/crypto/mdm-certificate';
import { decodeCertificate, subjectCommonName, toPem } from '@greenscreen/crypto/x509';
import { AuditRecord } from '@greenscreen/model/audit';
import { AutopilotDevice, DeploymentEvent } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { deleteManagedDevice, MdmCertificate, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { mdm } from '@greenscreen/mdm';
import { parseXml } from '@greenscreen/wire/xml';
import { decodeWapDocument } from '@greenscreen/wire/wap';
import { decodeResponseCollection } from '@greenscreen/wire/wstep';
import { spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  deviceKeys,
  deviceToken,
  documentOf,
  enroll,
  enrollWhiteGlove,
  items,
  joinedAutopilotDevice,
  plain,
  refusalOf,
  userToken,
} from './support.js';

const cloud = useCloud(mdm);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const em = () => cloud().context.dataSource.manager;
const device = (profile?: string) => joinedAutopilotDevice(cloud(), lab, profile);
const status = async (ztdId: string) => (await em().findOneByOrFail(AutopilotDevice, { ztdId })).userlessEnrollmentStatus;

describe('RequestSecurityToken', () => {
  it('04-16 a white-glove device gets a provisioning document', async () => {
    const response = await enrollWhiteGlove(cloud(), lab, await device());
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('application/soap+xml; charset=utf-8');
    expect(Number(response.headers['content-length'])).toBe(response.body.length);
    expect(response.headers['transfer-encoding']).toBeUndefined();
    const bytes = decodeResponseCollection(response.body);
    expect(bytes.toString()).not.toMatch(/[\n\t]/);
    const root = parseXml(bytes);
    expect([root.name, root.attributes]).toEqual(['wap-provisioningdoc', [{ namespace: '', name: 'version', value: '1.1' }]]);
  });

  it('04-17 without a mode flag a device token is not supported', async () => {
    const pc = await device();
    for (const context of [items(pc, { WhiteGlove: undefined }), plain(pc), plain(pc, { WhiteGlove: 'false' })]) {
      expect(refusalOf(await enroll(cloud(), { token: await deviceToken(cloud(), lab, pc), context }))).toEqual({
        status: 500,
        subcode: 's:MessageFormat',
        errorType: 'MessageFormat',
        reason: 'Device based token is not supported for enrollment type UserCorporateWithAAD',
        hresult: '80180001',
      });
    }
    expect(await status(pc.ztdId)).toBe('unknown');
  });

  it('04-18 both spellings of PlugAndForget are type 25, which a user may not ask for', async () => {
    for (const name of ['PlugAndForget', 'PlugandForget']) {
      const pc = await device('Self-Deploying');
      const context = items(pc, { WhiteGlove: undefined, [name]: 'True' });
      const { certificates } = documentOf(await enroll(cloud(), { token: await deviceToken(cloud(), lab, pc), context }));
      expect(readMdmCertificate(certificates.device.der).enrollmentType).toBe(25);
      const user = await userToken(cloud(), lab, { deviceid: pc.deviceId });
      expect(refusalOf(await enroll(cloud(), { token: user, context }))).toMatchObject({ subcode: 's:Authorization', hresult: '80180003' });
    }
  });

  it('04-21 the certificate names the Intune device and chains to Intune’s root', async () => {
    const pc = await device();
    const document = documentOf(await enrollWhiteGlove(cloud(), lab, pc));
    const leaf = decodeCertificate(document.certificates.device.der);
    const managed = await em().findOneByOrFail(ManagedDevice, { entraDeviceId: pc.deviceId });
    expect(subjectCommonName(leaf)).toBe(managed.id);
    expect(leaf.x509.issuer).toBe('CN=Microsoft Intune MDM Device CA');
    expect(readMdmCertificate(leaf.der)).toEqual({
      deviceId: managed.id,
      accountId: lab.tenant.intuneAccountId,
      userId: undefined,
      tenantId: lab.tenant.id,
      enrollmentType: 29,
    });
    expect(leaf.notAfter.getTime() - leaf.notBefore.getTime()).toBeLessThanOrEqual(365 * 86_400_000);
    const folder = mkdtempSync(join(tmpdir(), 'greenscreen-mdm-'));
    const file = (name: string, der: Buffer) => {
      writeFileSync(join(folder, name), toPem(der));
      return join(folder, name);
    };
    const { root, intermediate, device: own } = document.certificates;
    const { stdout, stderr } = spawnSync('openssl', [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslclient',
      '-CAfile',
      file('root.pem', root.der),
      '-untrusted',
      file('ca.pem', intermediate.der),
      file('device.pem', own.der),
    ]);
    expect(`${stdout.toString()}${stderr.toString()}`).toContain('device.pem: OK');
  });

  it('04-22 Device goes to My/System, Full to My/User, and the account looks there', async () => {
    const machine = documentOf(await enrollWhiteGlove(cloud(), lab, await device()));
    expect([machine.certificates.device.store, machine.account.certificate.store]).toEqual(['System', 'System']);
    const context = plain(await device(), { EnrollmentType: 'Full' });
    const user = documentOf(await enroll(cloud(), { token: await userToken(cloud(), lab), context }));
    expect([user.certificates.device.store, user.account.certificate.store]).toEqual(['User', 'User']);
    expect(user.nodes.find(({ uri }) => uri.endsWith('/UPN'))?.data).toBe(lab.user.upn);
    expect(machine.nodes.some(({ uri }) => uri.endsWith('/UPN'))).toBe(false);
  });

  it('04-23 AADInternals and pytune find one device certificate each, with the key of the request', async () => {
    const [store] = decodeWapDocument(decodeResponseCollection((await enrollWhiteGlove(cloud(), lab, await device())).body));
    expect(store?.children.map(({ type }) => type)).toEqual(['Root', 'CA', 'My']);
    const certificates = store?.children.flatMap(({ children }) => children.flatMap((kind) => kind.children.flatMap(({ parms }) => parms)));
    expect(certificates).toHaveLength(3);
    const der = Buffer.from(certificates?.[2]?.value ?? '', 'base64');
    const key = createPublicKey(toPem(der)).export({ format: 'der', type: 'spki' });
    expect(key.equals((await deviceKeys()).publicKey.export({ format: 'der', type: 'spki' }))).toBe(true);
  });

  it('04-24 both APPAUTH have nonces of their own; one provider; four types at the top', async () => {
    const bytes = decodeResponseCollection((await enrollWhiteGlove(cloud(), lab, await device())).body);
    const roots = decodeWapDocument(bytes);
    expect(roots.map(({ type }) => type)).toEqual([
      'CertificateStore',
      'CertificateStore',
      'APPLICATION',
      'DMClient',
      'EnrollmentStatusTracking',
    ]);
    const application = roots.find(({ type }) => type === 'APPLICATION');
    const nonces = application?.children.map(({ parms }) => parms.find(({ name }) => name === 'AAUTHDATA')?.value ?? '') ?? [];
    expect(nonces.map((nonce) => Buffer.from(nonce, 'base64').length)).toEqual([16, 16]);
    expect(nonces[0]).not.toBe(nonces[1]);
    for (const { name } of application?.parms ?? []) expect(name).toBe(name.toUpperCase());
    const provider = roots.find(({ type }) => type === 'DMClient')?.children[0]?.children[0];
    expect(provider?.type).toBe(application?.parms.find(({ name }) => name === 'PROVIDER-ID')?.value);
  });

  it('04-27 a directory object that is disabled, gone or foreign refuses; so does another device’s registration', async () => {
    const [disabled, gone, other] = await Promise.all([device(), device(), device()]);
    await em().update(EntraDevice, { deviceId: disabled.deviceId }, { accountEnabled: false, disabledBy: 'admin' });
    await em().update(EntraDevice, { deviceId: gone.deviceId }, { state: 'deleted' });
    for (const pc of [disabled, gone])
      expect(refusalOf(await enrollWhiteGlove(cloud(), lab, pc))).toMatchObject({
        subcode: 's:Authorization',
        errorType: 'Authorization',
        reason: 'Device is not registered or disabled',
        hresult: '80180003',
      });
    const pc = await device();
    for (const ZeroTouchProvisioning of [other.ztdId, undefined, 'nonsense'])
      expect(refusalOf(await enrollWhiteGlove(cloud(), lab, pc, { ZeroTouchProvisioning }))).toEqual({
        status: 500,
        subcode: 's:Authorization',
        errorType: 'DeviceNotSupported',
        reason: 'Device Identifier not preregistered',
        hresult: '80180014',
      });
    expect((await enrollWhiteGlove(cloud(), lab, pc)).status).toBe(200);
  });

  it('04-28 05-25 05-26 the one-time limit: consumed, refused, given again, given by deletion', async () => {
    const pc = await device();
    expect(await status(pc.ztdId)).toBe('unknown');
    const first = documentOf(await enrollWhiteGlove(cloud(), lab, pc));
    expect(await status(pc.ztdId)).toBe('blocked');
    expect(refusalOf(await enrollWhiteGlove(cloud(), lab, pc))).toEqual({
      status: 500,
      subcode: 's:Authorization',
      errorType: 'DeviceNotSupported',
      reason: 'Enrollment blocked for AP device by SDM One Time Limit Check',
      hresult: '80180014',
    });
    expect(await em().countBy(ManagedDevice, { entraDeviceId: pc.deviceId })).toBe(1);
    await em().update(AutopilotDevice, { ztdId: pc.ztdId }, { userlessEnrollmentStatus: 'allowed' });
    const second = documentOf(await enrollWhiteGlove(cloud(), lab, pc));
    expect(await status(pc.ztdId)).toBe('blocked');
    const id = (document: typeof first) => subjectCommonName(decodeCertificate(document.certificates.device.der)) ?? '';
    expect(id(second)).not.toBe(id(first));
    expect((await em().findOneByOrFail(MdmEnrollment, { id: id(first) })).state).toBe('superseded');
    expect(await em().countBy(ManagedDevice, { entraDeviceId: pc.deviceId })).toBe(1);
    await cloud().context.dataSource.transaction((transaction) => deleteManagedDevice(transaction, id(second), new Date()));
    expect(await status(pc.ztdId)).toBe('allowed');
    expect((await em().findOneByOrFail(MdmEnrollment, { id: id(second) })).state).toBe('retired');
    expect(await em().findOneByOrFail(EntraDevice, { deviceId: pc.deviceId })).toMatchObject({ isManaged: null, mdmAppId: null });
    expect((await enrollWhiteGlove(cloud(), lab, pc)).status).toBe(200);
  });

  it('04-28 two requests at once leave one enrollment', async () => {
    const pc = await device();
    const answers = await Promise.all([1, 2, 3, 4].map(() => enrollWhiteGlove(cloud(), lab, pc)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 500, 500, 500]);
    expect(await em().countBy(MdmEnrollment, { entraDeviceId: pc.deviceId })).toBe(1);
  });

  it('04-33 05-24 what an enrollment does to the records', async () => {
    const pc = await device();
    documentOf(await enrollWhiteGlove(cloud(), lab, pc, { SerialNumber: pc.serial }));
    const managed = await em().findOneByOrFail(ManagedDevice, { entraDeviceId: pc.deviceId });
    expect(managed).toMatchObject({
      tenantId: lab.tenant.id,
      deviceName: 'DESKTOP-LAB01',
      serialNumber: pc.serial,
      ztdId: pc.ztdId,
      enrollmentType: 29,
      managementState: 'managed',
      managementAgent: 'mdm',
      deviceRegistrationState: 'registered',
      autopilotEnrolled: true,
      managedDeviceOwnerType: 'company',
      userId: null,
      userPrincipalName: '',
      complianceState: 'unknown',
    });
    expect(await em().findOneByOrFail(EntraDevice, { deviceId: pc.deviceId })).toMatchObject({
      isManaged: true,
      isCompliant: null,
      mdmAppId: '0000000a-0000-0000-c000-000000000000',
    });
    expect(await em().findOneByOrFail(AutopilotDevice, { ztdId: pc.ztdId })).toMatchObject({
      managedDeviceId: managed.id,
      enrollmentState: 'enrolled',
      userlessEnrollmentStatus: 'blocked',
    });
    expect(await em().findOneByOrFail(MdmEnrollment, { id: managed.id })).toMatchObject({ state: 'issued', certificateStore: 'System' });
    expect(await em().countBy(MdmCertificate, { enrollmentId: managed.id })).toBe(1);
    expect(await em().findOneBy(DeploymentEvent, { ztdId: pc.ztdId })).toMatchObject({
      deploymentState: 'inProgress',
      enrollmentType: 'azureADJoinedWithWhiteGlove',
    });
    const audit = (await em().findBy(AuditRecord, { tenantId: lab.tenant.id })).filter(({ targetResources }) =>
      targetResources.some(({ id }) => id === pc.objectId || id === managed.id),
    );
    expect(audit.map(({ log, activityDisplayName, initiatedBy }) => [log, activityDisplayName, initiatedBy.displayName]).sort()).toEqual([
      ['directory', 'Update device', 'Microsoft Intune'],
      ['intune', 'Update device', 'Microsoft Intune'],
    ]);
  });
});
