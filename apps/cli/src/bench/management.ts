import { type KeyPair, type KeyPool } from '@greenscreen/crypto/keys';
import { Timeline } from '@greenscreen/device/context';
import { windowsCsr } from '@greenscreen/device/enroll';
import { GatewayNetwork } from '@greenscreen/device/network';
import { ControlClient, type RunTenant } from '@greenscreen/scenarios/cloud';
import { clientIds, decodeTokenResponse, encodeForm, grantTypes, resources } from '@greenscreen/wire/oauth';
import { SOAP_TYPE, tokenTypes } from '@greenscreen/wire/soap';
import { decodeProvisioningDocument } from '@greenscreen/wire/wap';
import { decodeResponseCollection, encodeIssueRequest } from '@greenscreen/wire/wstep';
import { randomBytes, randomUUID } from 'node:crypto';
import { CommandError } from '../problem.js';
import { DmConversation } from './dm-conversation.js';
import { send } from './entra-requests.js';
import { type MeasuredCloud } from './measured-cloud.js';
import { AT_ONCE, type Rate, rateOf } from './rate.js';

const ENROLLMENT = 'https://fef.mock01.manage.microsoft.com/StatelessEnrollmentService/DeviceEnrollment.svc';

/** A PC of a user's that asks to be enrolled, again and again: each enrollment takes the place of the one before. */
interface Enrollee {
  readonly keys: KeyPair;
  readonly deviceId: string;
  readonly request: Buffer;
}

/** Enrollments, and messages of OMA-DM sessions on connections that stay: one for each device, with its certificate. */
export async function measureManagement(cloud: MeasuredCloud, keys: KeyPool): Promise<Rate[]> {
  const control = new ControlClient(cloud.address.control);
  let network: GatewayNetwork | undefined;
  try {
    const [roots, tenant] = [await control.roots(), await control.createTenant()];
    await control.changeTenant(tenant.id, { restrictions: { cap: -1 } });
    const open = (network = new GatewayNetwork({
      gateway: cloud.address.gateway,
      roots,
      timeline: new Timeline(() => new Date()),
    }));
    const token = await userToken(open, tenant);
    const enrollees: Enrollee[] = [];
    for (let count = 0; count < AT_ONCE; count++) enrollees.push(enrolleeOf(token, await keys.take('rsa2048')));
    const enrollments = await rateOf(cloud, 'enrollments', (worker) => enroll(open, enrollees[worker]).then(() => 1));
    const conversations: DmConversation[] = [];
    for (const enrollee of enrollees) {
      const identity = { certificate: await enroll(open, enrollee), key: enrollee.keys.privateKey };
      conversations.push(new DmConversation(open, identity, enrollee.deviceId));
    }
    const messages = await rateOf(cloud, 'SyncML messages', (worker) => conversations[worker]?.session() ?? Promise.resolve(0));
    return [enrollments, messages];
  } finally {
    await Promise.all([control.close(), network?.close()]);
  }
}

async function userToken(network: GatewayNetwork, { id, users, password }: RunTenant): Promise<string> {
  const username = users.find((upn) => upn.startsWith('admin@')) ?? '';
  const fields = { client_id: clientIds.authenticationBroker, resource: resources.enrollment[0], grant_type: grantTypes.password };
  const response = await send(network, {
    service: 'sts',
    operation: 'Token',
    method: 'POST',
    url: `https://login.microsoftonline.com/${id}/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: encodeForm({ ...fields, username, password }),
  });
  const token = decodeTokenResponse(response.json())?.accessToken;
  if (token === undefined) throw new CommandError('The token service answered with no token');
  return token;
}

function enrolleeOf(token: string, keys: KeyPair): Enrollee {
  const deviceId = randomBytes(16).toString('hex').toUpperCase();
  const csr = windowsCsr({ keys, deviceId, guid: randomUUID(), hash: 'sha256', subjectEncoding: 'utf8' });
  const items = {
    DeviceID: deviceId,
    HWDevID: randomBytes(32).toString('hex'),
    EnrollmentType: 'Full',
    DeviceType: 'CIMClient_Windows',
    DeviceName: 'BENCH',
    OSEdition: '48',
    OSVersion: '10.0.26100.2454',
    ApplicationVersion: '10.0.26100.2454',
    RequestVersion: '5.0',
  };
  const context = Object.entries(items).map(([name, value]) => ({ name, value }));
  const request = encodeIssueRequest({ to: ENROLLMENT, token: { valueType: tokenTypes.jwt, text: token }, csr, context });
  return { keys, deviceId, request };
}

/** The device's certificate. */
async function enroll(network: GatewayNetwork, enrollee: Enrollee | undefined): Promise<Buffer> {
  if (!enrollee) throw new CommandError('There are fewer PCs than workers');
  const response = await send(network, {
    service: 'mdm-enroll',
    operation: 'RST',
    method: 'POST',
    url: ENROLLMENT,
    headers: { 'content-type': SOAP_TYPE },
    body: enrollee.request,
  });
  return decodeProvisioningDocument(decodeResponseCollection(response.body)).certificates.device.der;
}
