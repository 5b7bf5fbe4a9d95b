import { beforeAll, describe, expect, it } from '@jest/globals';
import { encodeCsr } from '@greenscreen/crypto/pkcs10';
import { spkiOf } from '@greenscreen/crypto/keys';
import { commonName, encodeName } from '@greenscreen/crypto/x509';
import {
  type DeviceCredential,
  requestDeviceToken,
  requestDrsUserToken,
  requestP2pCertificate,
  requestPrt,
  requestTokenWithPrt,
  signInUser,
  type TokenContext,
} from '@greenscreen/device/token';
import { EntraDevice } from '@greenscreen/model/directory';
import { SignInFlow } from '@greenscreen/model/sts';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { sts } from '@greenscreen/sts';
import { constants, privateDecrypt, X509Certificate } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { deviceContext } from './device-context.support.js';
import { claims, digestSigner, DRS_URN, ENROLLMENT, joinedDevice, type JoinedDevice, STS } from './support.js';

const cloud = useCloud(sts);
let lab: TestTenant;
let pc: JoinedDevice;
let credential: DeviceCredential;
let context: TokenContext;
const seen: string[] = [];

beforeAll(async () => {
  lab = await newTenant(cloud());
  pc = await joinedDevice(cloud(), lab);
  credential = { certificate: pc.certificate, signDigest: digestSigner(pc.keys.privateKey) };
  context = deviceContext(cloud(), seen);
});

const tokenEndpoint = (): string => `${STS}/${lab.tenant.id}/oauth2/token`;
const unwrap = async (wrapped: Buffer) =>
  privateDecrypt({ key: pc.transport.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, wrapped);

describe('the simulated device at the token service', () => {
  it('05 T13: a device token for the MDM service, and what Windows shows when it is refused', async () => {
    const token = await requestDeviceToken(context, { tokenEndpoint: tokenEndpoint(), resource: ENROLLMENT, credential });
    expect(token).toMatchObject({ tenantId: lab.tenant.id, deviceId: pc.device.deviceId });
    expect(claims(token.accessToken).aud).toBe(ENROLLMENT);
    const { manager } = cloud().context.dataSource;
    await manager.update(EntraDevice, { objectId: pc.device.objectId }, { accountEnabled: false });
    await expect(requestDeviceToken(context, { tokenEndpoint: tokenEndpoint(), resource: ENROLLMENT, credential })).rejects.toMatchObject({
      hresult: 0x801c03ea,
    });
    await manager.update(EntraDevice, { objectId: pc.device.objectId }, { accountEnabled: true });
  });

  it('05 U3: a person signs in as in OOBE, then the device gets its DRS token without asking again', async () => {
    seen.length = 0;
    const signIn = await signInUser(context, { upn: lab.user.upn, password: lab.password });
    expect(seen).toEqual(['sts CloudDomainJoin', 'sts OpenIdConfiguration', 'sts Authorize', 'sts UserRealm', 'sts Login']);
    expect(signIn).toMatchObject({
      upn: lab.user.upn,
      userId: lab.user.id,
      tenantId: lab.tenant.id,
      mdm: { enrollmentUrl: 'https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc' },
    });
    const token = await requestDrsUserToken(context, signIn);
    expect(claims(token.accessToken)).toMatchObject({ aud: DRS_URN, upn: lab.user.upn, idtyp: 'user', scp: 'self_service_device_delete' });
    const prt = await requestPrt(context, {
      tokenEndpoint: signIn.tokenEndpoint,
      credential,
      proof: { refreshToken: token.refreshToken ?? '' },
      unwrap,
    });
    expect(prt.upn).toBe(lab.user.upn);
    await expect(signInUser(context, { upn: lab.user.upn, password: 'wrong' })).rejects.toMatchObject({ code: 50126 });
    await expect(signInUser(context, { upn: `nobody@${lab.domain}`, password: 'x' })).rejects.toMatchObject({ code: 50034 });
  });

  it('02 3.2 a person with a second factor types its code, signs in to Windows without it, and gets no token that needs it that way', async () => {
    const own = await newTenant(cloud());
    const { manager } = cloud().context.dataSource;
    await manager.update(DirectoryUser, { id: own.user.id }, { mfaRequired: true });
    const credentials = { upn: own.user.upn, password: own.password };
    const code = async () => (await manager.findOneByOrFail(SignInFlow, { userId: own.user.id })).factorCode ?? '';
    await expect(signInUser(context, credentials)).rejects.toMatchObject({ code: 50074 });
    await expect(signInUser(context, { ...credentials, secondDevice: async () => '' })).rejects.toMatchObject({ code: 500121 });
    await manager.delete(SignInFlow, { userId: own.user.id });
    const signIn = await signInUser(context, { ...credentials, secondDevice: code });
    const { refreshToken = '', accessToken } = await requestDrsUserToken(context, signIn);
    expect(claims(accessToken).amr).toEqual(['pwd', 'mfa']);
    const mine = await joinedDevice(cloud(), own);
    const its = { certificate: mine.certificate, signDigest: digestSigner(mine.keys.privateKey) };
    const open = async (wrapped: Buffer) =>
      privateDecrypt({ key: mine.transport.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, wrapped);
    const request = { tokenEndpoint: signIn.tokenEndpoint, credential: its, unwrap: open };
    const weak = await requestPrt(context, { ...request, proof: { username: own.user.upn, password: own.password } });
    const use = { tokenEndpoint: signIn.tokenEndpoint, resource: ENROLLMENT };
    await expect(requestTokenWithPrt(context, { ...use, prt: weak })).rejects.toMatchObject({ code: 50076 });
    const strong = await requestPrt(context, { ...request, proof: { refreshToken } });
    expect(claims((await requestTokenWithPrt(context, { ...use, prt: strong })).accessToken).amr).toEqual(['pwd', 'mfa', 'rsa']);
  });

  it('05 U8: PRT by password, a token with it, and a P2P certificate', async () => {
    const prt = await requestPrt(context, {
      tokenEndpoint: tokenEndpoint(),
      credential,
      proof: { username: lab.user.upn, password: lab.password },
      unwrap,
    });
    const token = await requestTokenWithPrt(context, { tokenEndpoint: tokenEndpoint(), prt, resource: ENROLLMENT });
    expect(claims(token.accessToken)).toMatchObject({ aud: ENROLLMENT, deviceid: pc.device.deviceId, upn: lab.user.upn });
    const csr = await encodeCsr(
      { subject: encodeName(commonName(pc.device.deviceId)), spki: spkiOf(pc.keys.publicKey) },
      credential.signDigest,
    );
    const { certificate, issuer } = await requestP2pCertificate(context, {
      tokenEndpoint: tokenEndpoint(),
      credential,
      csr,
      netbiosName: 'LAB',
      dnsNames: ['lab'],
    });
    expect(new X509Certificate(certificate).verify(new X509Certificate(issuer).publicKey)).toBe(true);
    await expect(
      requestPrt(context, { tokenEndpoint: tokenEndpoint(), credential, proof: { username: lab.user.upn, password: 'wrong' }, unwrap }),
    ).rejects.toMatchObject({ hresult: 0xc000006a });
  });
});
