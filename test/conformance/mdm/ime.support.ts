import {
  decodeGatewaySession,
  decodeScripts,
  decodeSelectedApps,
  decodeServiceAddresses,
  encodeGatewayRequest,
  gatewaySessionUrl,
  type RequestContentType,
} from '@greenscreen/wire/ime';
import { randomUUID } from 'node:crypto';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';

const ADDRESSES = 'https://manage.microsoft.com/RestUserAuthLocationService/RestUserAuthLocationService/Certificate/ServiceAddresses';

export const serviceAddresses = (cloud: TestCloud, certificate?: Buffer): Promise<TestResponse> =>
  cloud.request(ADDRESSES, certificate ? { clientCertificate: certificate } : {});

/** Where the management extension finds its gateway. */
export async function gatewayUrl(cloud: TestCloud, certificate: Buffer): Promise<string> {
  const services = decodeServiceAddresses((await serviceAddresses(cloud, certificate)).text());
  return services.find(({ serviceName }) => serviceName === 'SideCarGatewayService')?.url ?? '';
}

/** A question of the management extension that has found its service with one certificate, asked with another or none. */
export async function askGateway(
  cloud: TestCloud,
  certificate: Buffer,
  contentType: RequestContentType,
  payload: unknown = [],
  presented: Buffer | undefined = certificate,
): Promise<TestResponse> {
  const sessionId = randomUUID();
  return cloud.request(gatewaySessionUrl(await gatewayUrl(cloud, certificate), sessionId), {
    method: 'PUT',
    headers: { 'content-type': 'application/json', prefer: 'return-content' },
    body: encodeGatewayRequest({ sessionId, contentType, payload, clientInfo: { DeviceName: 'X' }, checkinReason: 'AgentRestart' }),
    ...(presented ? { clientCertificate: presented } : {}),
  });
}

export const payloadOf = (response: TestResponse): string => decodeGatewaySession(response.text()).responsePayload ?? '';

/** Win32 apps that the management extension of a device is to install. */
export const selectedApps = async (cloud: TestCloud, certificate: Buffer) =>
  decodeSelectedApps(payloadOf(await askGateway(cloud, certificate, 'GetSelectedApp')));

/** Scripts that the management extension of a device is to run. */
export const assignedScripts = async (cloud: TestCloud, certificate: Buffer) =>
  decodeScripts(payloadOf(await askGateway(cloud, certificate, 'PolicyRequest')));
