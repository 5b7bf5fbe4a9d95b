import { beforeAll, describe, expect, it } from '@jest/globals';
import { encodeSignedData } from '@greenscreen/crypto/cms';
import { generateKeyPair, type KeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { readMdmCertificate } from '@greenscreen/crypto/mdm-certificate';
import { decodeCertificate, subjectCommonName, thumbprint } from '@greenscreen/crypto/x509';
import { windowsCsr } from '@greenscreen/device/enroll';
import { MdmCertificate, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { mdm } from '@greenscreen/mdm';
import { decodeRenewedCertificate, decodeWapDocument } from '@greenscreen/wire/wap';
import { decodeResponseCollection, encodeRenewRequest } from '@greenscreen/wire/wstep';
import { randomUUID } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { DmClient, managedDevice, type ManagedTestDevice } from './session.support.js';
import { deviceKeys, DM_DEVICE_ID, ENROLLMENT, refusalOf } from './support.js';

const RENEWAL = 'https://r.manage.microsoft.com/StatelessEnrollmentService/DeviceEnrollment.svc';
const DAY_MS = 86_400_000;
const cloud = useCloud(mdm);
const em = () => cloud().context.dataSource.manager;
let lab: TestTenant;
let next: KeyPair;
beforeAll(async () => {
  lab = await newTenant(cloud());
  next = await generateKeyPair('rsa2048');
});

const newCsr = (): Buffer =>
  windowsCsr({ keys: next, deviceId: DM_DEVICE_ID, guid: randomUUID(), hash: 'sha256', subjectEncoding: 'utf8' });
/** A request signed by a certificate, for the new key. */
const signedBy = async (certificate: Buffer, keys: KeyPair | undefined = undefined, content = newCsr()): Promise<Buffer> =>
  encodeSignedData({
    content,
    certificates: [certificate],
    signer: { certificate, key: (keys ?? (await deviceKeys())).privateKey, attributes: [] },
  });
const renew = (signed: Buffer, presented: Buffer | undefined, url = RENEWAL): Promise<TestResponse> =>
  cloud().request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
    body: encodeRenewRequest(url, signed),
    ...(presented ? { clientCertificate: presented } : {}),
  });
/** A device whose certificate is due. */
async function due(): Promise<ManagedTestDevice> {
  const device = await managedDevice(cloud(), lab);
  await em().update(MdmCertificate, { enrollmentId: device.id }, { notAfter: new Date(Date.now() + 41 * DAY_MS) });
  return device;
}

describe('Renewal', () => {
  it('04-35 the current certificate signs the request and carries the connection; only a certificate comes back', async () => {
    const device = await due();
    const response = await renew(await signedBy(device.certificate), device.certificate);
    expect(response.status).toBe(200);
    const document = decodeWapDocument(decodeResponseCollection(response.body));
    expect(document.map(({ type, children }) => [type, children.map((child) => child.type)])).toEqual([['CertificateStore', ['My']]]);
    const renewed = decodeRenewedCertificate(document);
    expect(renewed.thumbprint).toBe(thumbprint(renewed.der));
    const certificate = decodeCertificate(renewed.der);
    expect(subjectCommonName(certificate)).toBe(device.id);
    expect(readMdmCertificate(renewed.der)).toEqual(readMdmCertificate(device.certificate));
    expect(certificate.spki.equals(spkiOf(next.publicKey))).toBe(true);
    // Both count until the new one is used.
    await new DmClient(cloud, device).session();
    await new DmClient(cloud, { ...device, certificate: renewed.der }).session({ sessionId: '2' });
    await expect(new DmClient(cloud, device).session({ sessionId: '3' })).rejects.toThrow('403');
    expect(refusalOf(await renew(await signedBy(device.certificate), device.certificate))).toMatchObject({ subcode: 'a:InvalidSecurity' });
  });

  it('04-35 a signer that is not the connection’s certificate, none at all, and a retired enrollment are InvalidSecurity', async () => {
    const [device, other] = [await due(), await due()];
    const refused = { status: 500, subcode: 'a:InvalidSecurity', hresult: '80180007' };
    expect(refusalOf(await renew(await signedBy(other.certificate), device.certificate))).toMatchObject(refused);
    expect(refusalOf(await renew(await signedBy(device.certificate), undefined))).toMatchObject(refused);
    expect(refusalOf(await renew(await signedBy(device.certificate, next), device.certificate))).toMatchObject(refused);
    expect(refusalOf(await renew(Buffer.from('nonsense'), device.certificate))).toMatchObject(refused);
    // The enrollment host does not ask for a certificate: there is none to look at.
    expect(refusalOf(await renew(await signedBy(device.certificate), undefined, ENROLLMENT))).toMatchObject(refused);
    expect(
      refusalOf(await renew(await signedBy(device.certificate, undefined, Buffer.from('no request')), device.certificate)),
    ).toMatchObject({
      subcode: 's:CertificateRequest',
    });
    expect((await renew(await signedBy(device.certificate), device.certificate)).status).toBe(200);
    await em().update(MdmEnrollment, { id: other.id }, { state: 'retired' });
    expect(refusalOf(await renew(await signedBy(other.certificate), other.certificate))).toMatchObject(refused);
  });

  it('04-35 05-100 too early and too late are NotEligibleToRenew', async () => {
    const refused = { subcode: 's:Authorization', errorType: 'NotEligibleToRenew', hresult: '80180016' };
    const device = await managedDevice(cloud(), lab);
    expect(refusalOf(await renew(await signedBy(device.certificate), device.certificate))).toMatchObject(refused);
    await em().update(MdmCertificate, { enrollmentId: device.id }, { notAfter: new Date(Date.now() - DAY_MS) });
    expect(refusalOf(await renew(await signedBy(device.certificate), device.certificate))).toMatchObject(refused);
    await expect(new DmClient(cloud, device).session()).rejects.toThrow('403');
  });
});
