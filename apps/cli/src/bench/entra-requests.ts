import { decryptSessionKey, type DigestSigner, signCompactJws, signSessionJws } from '@greenscreen/crypto/jose';
import { type KeyPair, type KeyPool, rsaNumbers, spkiOf } from '@greenscreen/crypto/keys';
import { encodeCsr } from '@greenscreen/crypto/pkcs10';
import { commonName, encodeName } from '@greenscreen/crypto/x509';
import { type DeviceNetwork, type DeviceRequest, type DeviceResponse } from '@greenscreen/device/context';
import { type RunTenant } from '@greenscreen/scenarios/cloud';
import { decodeJoinResponse, encodeJoinRequest, encodeTransportKey, joinTypes } from '@greenscreen/wire/drs';
import {
  clientIds,
  decodePrtResponse,
  decodeTokenResponse,
  encodeForm,
  grantTypes,
  type ReceivedToken,
  resources,
  signedGrants,
} from '@greenscreen/wire/oauth';
import { constants, privateDecrypt, privateEncrypt, randomBytes } from 'node:crypto';
import { CommandError } from '../problem.js';

/** A request that may be sent as often as one likes, and what it asks for. */
export interface Repeatable {
  readonly name: string;
  readonly request: DeviceRequest;
}

const DRS = resources.deviceRegistration[0];
const GRAPH = resources.microsoftGraph[0];
const SUBJECT = '7E980AD9-B86D-4306-9425-9AC066FB014A';
const SHA256_PREFIX = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/**
 * Requests that stay good for as long as a measurement takes: a nonce serves five minutes, a refresh token is not used up, and a join that
 * does not ask for the same object makes another one (reference 02, 4.2, 4.4 and 10.5). So nothing is signed while the clock runs.
 */
export async function entraRequests(network: DeviceNetwork, tenant: RunTenant, keys: KeyPool): Promise<Repeatable[]> {
  const post = (fields: Readonly<Record<string, string>>): DeviceRequest => ({
    service: 'sts',
    operation: 'Token',
    method: 'POST',
    url: `https://login.microsoftonline.com/${tenant.id}/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: encodeForm(fields),
  });
  const signed = (request: string): DeviceRequest =>
    post({ windows_api_version: '2.2', grant_type: grantTypes.jwtBearer, request, client_info: '1' });
  // An administrator may have as many devices as he likes.
  const administrator = tenant.users.find((upn) => upn.startsWith('admin@')) ?? '';
  const client = { client_id: clientIds.authenticationBroker, resource: DRS };
  const user = tokenOf(
    await send(network, post({ ...client, grant_type: grantTypes.password, username: administrator, password: tenant.password })),
  );
  const refresh_token = user.refreshToken ?? '';
  const [device, transport] = [await keys.take('rsa2048'), await keys.take('rsa2048')];
  const join = joinRequest(user.accessToken ?? '', await csrOf(device), transport);
  const certificate = decodeJoinResponse((await send(network, join)).json())?.certificate;
  if (!certificate) throw new CommandError('The join gave no certificate');

  const request_nonce = await nonce(network, post({ grant_type: grantTypes.srvChallenge }));
  const prtRequest = signed(
    await signCompactJws(
      { alg: 'RS256', typ: 'JWT', x5c: certificate.toString('base64') },
      {
        client_id: clientIds.authenticationBroker,
        request_nonce,
        scope: 'openid aza',
        grant_type: signedGrants.refreshToken,
        refresh_token,
      },
      signerOf(device),
    ),
  );
  const prt = decodePrtResponse((await send(network, prtRequest)).json());
  if (prt?.sessionKeyJwe === undefined) throw new CommandError('The PRT came without a session key');
  const sessionKey = await decryptSessionKey(prt.sessionKeyJwe, (wrapped) =>
    Promise.resolve(privateDecrypt({ key: transport.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, wrapped)),
  );
  const use = { grant_type: signedGrants.refreshToken, refresh_token: prt.refreshToken, request_nonce, scope: 'openid', ...client };
  const prtUse = signSessionJws({ sessionKey, ctx: randomBytes(24), kdfVersion: 2, payload: JSON.stringify(use) });
  const { clientId: client_id, clientSecret: client_secret } = tenant;
  return [
    {
      name: 'application tokens',
      request: post({ grant_type: grantTypes.clientCredentials, client_id, client_secret, resource: GRAPH }),
    },
    { name: 'refreshed tokens', request: post({ ...client, grant_type: grantTypes.refreshToken, refresh_token }) },
    { name: 'PRTs', request: prtRequest },
    { name: 'tokens by PRT', request: signed(prtUse) },
    { name: 'joins', request: join },
  ];
}

/** Sends a request; anything but success would measure nothing. */
export async function send(network: DeviceNetwork, request: DeviceRequest): Promise<DeviceResponse> {
  const response = await network.http(request);
  if (response.status !== 200)
    throw new CommandError(`${request.service} ${request.operation}: HTTP ${response.status} ${response.text()}`);
  return response;
}

function tokenOf(response: DeviceResponse): ReceivedToken {
  const token = decodeTokenResponse(response.json());
  if (!token) throw new CommandError('The token service answered with no token');
  return token;
}

async function nonce(network: DeviceNetwork, request: DeviceRequest): Promise<string> {
  const answer = (await send(network, request)).json();
  if (typeof answer === 'object' && answer !== null && 'Nonce' in answer && typeof answer.Nonce === 'string') return answer.Nonce;
  throw new CommandError('The token service gave no nonce');
}

function joinRequest(token: string, csr: Buffer, transport: KeyPair): DeviceRequest {
  const { modulus, exponent } = rsaNumbers(transport.publicKey);
  return {
    service: 'drs',
    operation: 'Join',
    method: 'POST',
    url: 'https://enterpriseregistration.windows.net/EnrollmentServer/device/?api-version=2.0',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: encodeJoinRequest({
      csr,
      transportKey: encodeTransportKey(modulus, exponent),
      targetDomain: 'bench',
      deviceType: 'Windows',
      osVersion: '10.0.26100.2454',
      deviceDisplayName: 'BENCH',
      joinType: joinTypes.entraJoin,
      attributes: { reuseDevice: false, returnClientSid: true, sharedDevice: false },
    }),
  };
}

const csrOf = (device: KeyPair): Promise<Buffer> =>
  encodeCsr({ subject: encodeName(commonName(SUBJECT)), spki: spkiOf(device.publicKey) }, signerOf(device));

const signerOf =
  ({ privateKey: key }: KeyPair): DigestSigner =>
  (digest) =>
    Promise.resolve(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([SHA256_PREFIX, digest])));
