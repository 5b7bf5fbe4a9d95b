import { beforeAll, describe, expect, it } from '@jest/globals';
import { jwkThumbprint, rsaJwk, signCompactJws } from '@greenscreen/crypto/jose';
import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { hresultOfUserlessSignIn, signInUserless, TokenServiceError } from '@greenscreen/device/token';
import { DeploymentEvent } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { decodeOAuthError, encodeAttestationData } from '@greenscreen/wire/oauth';
import { sts } from '@greenscreen/sts';
import { createHash } from 'node:crypto';
import { AIK_EKU, aikCertificate, EK_VERIFIED } from '../../support/aik.js';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { deviceContext } from './device-context.support.js';
import { BROKER, claims, digestSigner, DRS_URN, members, type Members, nonce, post, signedForm, STS, text } from './support.js';
import { certify, type Machine, mintTicket, registeredMachine } from './userless.support.js';

const cloud = useCloud(sts);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const machine = () => registeredMachine(cloud(), lab);
const ticketOf = (pc: Machine, change: Members = {}) => mintTicket(cloud(), pc, change);

interface Change {
  readonly payload?: Members;
  readonly signer?: KeyPair;
  readonly certified?: KeyPair;
  readonly tenant?: string;
}

async function send(
  pc: Machine,
  { payload = {}, signer = pc.dk, certified = pc.dk, tenant = lab.tenant.id }: Change = {},
): Promise<TestResponse> {
  const request_nonce = await nonce(cloud(), tenant);
  const statement = certify(certified, pc.aik, createHash('sha256').update(request_nonce, 'ascii').digest());
  const body = {
    grant_type: 'device_attestation',
    client_id: BROKER,
    resource: DRS_URN,
    request_nonce,
    ddid: await ticketOf(pc),
    aik_certificate: pc.aikCertificate.toString('base64'),
    attestation_data: encodeAttestationData(statement),
    win_ver: '10.0',
    ...payload,
  };
  const request = await signCompactJws({ alg: 'RS256', typ: 'JWT', jwk: rsaJwk(pc.dk.publicKey) }, body, digestSigner(signer.privateKey));
  return post(cloud(), `/${tenant}/oauth2/token`, signedForm(request));
}

const event = ({ ztdId, gdid }: Machine) => cloud().context.dataSource.manager.findOneBy(DeploymentEvent, { ztdId, globalDeviceId: gdid });

describe('userless sign-in', () => {
  it('02 12.3 a TPM that proves itself gets a device token bound to its key, and the deployment is in progress', async () => {
    const pc = await machine();
    const answer = members(await send(pc));
    expect(claims(answer.access_token)).toMatchObject({
      aud: DRS_URN,
      idtyp: 'device',
      deviceid: pc.deviceId,
      sub: pc.deviceId,
      ztdid: pc.ztdId,
      tid: lab.tenant.id,
      amr: ['rsa'],
      cnf: { jkt: await jwkThumbprint(pc.dk.publicKey) },
    });
    for (const name of ['upn', 'scp']) expect(claims(answer.access_token)).not.toHaveProperty(name);
    expect(answer).not.toHaveProperty('refresh_token');
    expect(await event(pc)).toMatchObject({
      deploymentState: 'inProgress',
      enrollmentType: 'azureADJoinedWithWhiteGlove',
      tenantId: lab.tenant.id,
    });
    expect((await send(pc, { tenant: 'common' })).status).toBe(200);
    const { manager } = cloud().context.dataSource;
    expect(await manager.countBy(DeploymentEvent, { ztdId: pc.ztdId })).toBe(1);
    await manager.update(EntraDevice, { deviceId: pc.deviceId }, { state: 'deleted' });
    const orphan = claims(members(await send(pc)).access_token);
    expect(orphan).not.toHaveProperty('deviceid');
    expect(orphan.ztdid).toBe(pc.ztdId);
  });

  it('06 D-A22 every refusal has its suberror and HRESULT, and fails the deployment of a device that is known', async () => {
    const stranger = await machine();
    const foreign = await newTenant(cloud());
    const other = await generateKeyPair('rsa2048');
    type Case = [
      what: string,
      change: (pc: Machine) => Promise<Change & { pc?: Machine }>,
      code: number,
      suberror: string | undefined,
      hresult: number,
      eventState: string | undefined,
    ];
    const aikCase = (change: (pc: Machine) => Promise<Buffer>) => async (pc: Machine) => ({
      payload: { aik_certificate: (await change(pc)).toString('base64') },
    });
    const cases: Case[] = [
      ['unknown nonce', async () => ({ payload: { request_nonce: 'invented' } }), 140000, undefined, 0x801c03ea, 'failure'],
      ['signed by another key', async () => ({ signer: other }), 900384, undefined, 0x801c03ea, 'failure'],
      [
        'revoked AIK',
        aikCase((pc) => aikCertificate(cloud(), pc.aik, pc.ekHash, { revokedAt: new Date() })),
        50013,
        'aik_invalid',
        0x801c0010,
        'failure',
      ],
      [
        'AIK never issued',
        aikCase((pc) => aikCertificate(cloud(), pc.aik, pc.ekHash, { unknown: true })),
        50013,
        'aik_invalid',
        0x801c0010,
        'failure',
      ],
      [
        'AIK of a foreign authority',
        aikCase((pc) => aikCertificate(cloud(), pc.aik, pc.ekHash, { signingKey: other.privateKey })),
        50013,
        'aik_invalid',
        0x801c0010,
        'failure',
      ],
      [
        'AIK without EKU',
        aikCase((pc) => aikCertificate(cloud(), pc.aik, pc.ekHash, { extensions: [EK_VERIFIED] })),
        50013,
        'aik_invalid',
        0x801c0010,
        'failure',
      ],
      [
        'AIK without policy',
        aikCase((pc) => aikCertificate(cloud(), pc.aik, pc.ekHash, { extensions: [AIK_EKU] })),
        50013,
        'aik_invalid',
        0x801c0010,
        'failure',
      ],
      [
        'expired AIK',
        aikCase((pc) => aikCertificate(cloud(), pc.aik, pc.ekHash, { notAfter: new Date(Date.now() - 1000) })),
        50013,
        'aik_expired',
        0x801c03ef,
        'failure',
      ],
      ['no AIK certificate at all', async () => ({ payload: { aik_certificate: 'AAAA' } }), 50013, 'aik_invalid', 0x801c0010, 'failure'],
      ['another key certified', async () => ({ certified: other }), 50013, 'attestation_invalid', 0x801c0011, 'failure'],
      [
        'unreadable statement',
        async () => ({ payload: { attestation_data: 'AAAA' } }),
        50013,
        'attestation_invalid',
        0x801c0011,
        'failure',
      ],
      [
        'ticket of another EK',
        async (pc) => ({ payload: { ddid: await ticketOf(pc, { ekh: stranger.ekHash }) } }),
        50155,
        'ek_mismatch',
        0x801c03ea,
        'failure',
      ],
      ['AIK of another EK', aikCase((pc) => aikCertificate(cloud(), pc.aik, stranger.ekHash)), 50155, 'ek_mismatch', 0x801c03ea, 'failure'],
      [
        'expired ticket',
        async (pc) => ({ payload: { ddid: await ticketOf(pc, { exp: 1 }) } }),
        50155,
        'ticket_invalid',
        0x801c03ea,
        undefined,
      ],
      [
        'ticket for somebody else',
        async (pc) => ({ payload: { ddid: await ticketOf(pc, { aud: 'xbox.example' }) } }),
        50155,
        'ticket_invalid',
        0x801c03ea,
        undefined,
      ],
      ['bare ZTD id in place of a ticket', async (pc) => ({ payload: { ddid: pc.ztdId } }), 50155, 'ticket_invalid', 0x801c03ea, undefined],
      [
        'unknown DDID',
        async (pc) => ({ payload: { ddid: await ticketOf(pc, { ddid: '0018000000000000' }) } }),
        50155,
        'device_not_registered',
        0x801c03f3,
        undefined,
      ],
      ['registered in another tenant', async () => ({ tenant: foreign.tenant.id }), 50155, 'device_not_registered', 0x801c03f3, undefined],
      [
        'a resource that takes no device token',
        async () => ({ payload: { resource: 'https://graph.microsoft.com' } }),
        221000,
        undefined,
        0x801c03ea,
        'failure',
      ],
    ];
    for (const [what, change, code, suberror, hresult, eventState] of cases) {
      const pc = await machine();
      const response = await send(pc, await change(pc));
      const error = new TokenServiceError(response.status, decodeOAuthError(response.json()));
      const seen = {
        what,
        status: response.status,
        code: error.code,
        suberror: error.refusal?.suberror,
        hresult: hresultOfUserlessSignIn(error),
        event: (await event(pc))?.deploymentState,
      };
      expect(seen).toEqual({ what, status: 400, code, suberror, hresult, event: eventState });
    }
  }, 120_000);

  it('06 D-B35 a failed deployment stays failed when the same ticket succeeds later, a new installation starts a new one', async () => {
    const pc = await machine();
    await send(pc, { payload: { attestation_data: 'AAAA' } });
    expect(await event(pc)).toMatchObject({ deploymentState: 'failure', enrollmentFailureDetails: 'AADSTS50013 (attestation_invalid)' });
    expect((await send(pc)).status).toBe(200);
    expect((await event(pc))?.deploymentState).toBe('failure');
    const reset = { ...pc, gdid: '0018FEDCBA987654' };
    expect((await send(reset)).status).toBe(200);
    expect((await event(reset))?.deploymentState).toBe('inProgress');
  });

  it('06 D-A16 the simulated device signs in with a nonce that its AIK vouches for', async () => {
    const pc = await machine();
    const ticket = await ticketOf(pc);
    const attested: Buffer[] = [];
    const token = await signInUserless(deviceContext(cloud()), {
      tokenEndpoint: `${STS}/${lab.tenant.id}/oauth2/token`,
      resource: DRS_URN,
      ticket,
      aikCertificate: pc.aikCertificate,
      key: { publicKey: pc.dk.publicKey, signDigest: digestSigner(pc.dk.privateKey) },
      attest: async (qualifyingData) => {
        attested.push(qualifyingData);
        return certify(pc.dk, pc.aik, qualifyingData);
      },
    });
    expect(attested.map((data) => data.length)).toEqual([32]);
    expect(token).toMatchObject({ tenantId: lab.tenant.id, deviceId: pc.deviceId, ztdId: pc.ztdId });
    expect(text(claims(token.accessToken).aud)).toBe(DRS_URN);
  });
});
