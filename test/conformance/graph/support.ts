import { certificateKeyId, signJwt } from '@greenscreen/crypto/jose';
import { stsSigning } from '@greenscreen/host/authority/definitions';
import { labRoles } from '@greenscreen/model/seed';
import {
  type DeviceFacts,
  ekHashOfNumbers,
  encodeHardwareHash,
  type HardwareReport,
  hardwareReportOf,
  tpmVersionText,
} from '@greenscreen/wire/hardware-hash';
import { randomBytes, randomUUID } from 'node:crypto';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';
import { type TestTenant } from '../../support/tenant.js';

export const GRAPH = 'https://graph.microsoft.com';
export const BETA = `${GRAPH}/beta/deviceManagement`;

export type Json = Record<string, unknown>;

/** A token of this installation's token service, for claims of the test's choice. */
export async function token({ context }: TestCloud, claims: Json): Promise<string> {
  const { certificate, privateKey } = await context.authorities.get(stsSigning);
  const kid = certificateKeyId(certificate);
  const at = Math.floor(Date.now() / 1000);
  return signJwt({ aud: GRAPH, iat: at - 300, nbf: at - 300, exp: at + 3600, ...claims }, { alg: 'RS256', kid, x5t: kid, privateKey });
}

/** As the automation client of the tenant gets it. */
export const appToken = (cloud: TestCloud, { tenant, clientId }: TestTenant, change: Json = {}): Promise<string> =>
  token(cloud, {
    iss: `https://sts.windows.net/${tenant.id}/`,
    tid: tenant.id,
    idtyp: 'app',
    appid: clientId,
    oid: randomUUID(),
    roles: labRoles,
    ...change,
  });

export const userToken = (cloud: TestCloud, { tenant, user }: TestTenant, change: Json = {}): Promise<string> =>
  token(cloud, {
    iss: `https://sts.windows.net/${tenant.id}/`,
    tid: tenant.id,
    idtyp: 'user',
    upn: user.upn,
    oid: user.id,
    scp: 'User.Read DeviceManagementServiceConfig.ReadWrite.All',
    ...change,
  });

/** Calls Graph as one tenant's administrator's script. */
export class GraphClient {
  private constructor(
    readonly cloud: TestCloud,
    readonly lab: TestTenant,
    private readonly bearer: string,
  ) {}

  static async of(cloud: TestCloud, lab: TestTenant): Promise<GraphClient> {
    return new GraphClient(cloud, lab, await appToken(cloud, lab));
  }

  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<TestResponse> {
    const url = path.startsWith('https://') ? path : `${GRAPH}${path}`;
    return this.cloud.request(url, {
      method,
      headers: {
        authorization: `Bearer ${this.bearer}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Json> {
    return objectOf(await this.call('GET', path, undefined, headers), 200);
  }

  async list(path: string, headers: Record<string, string> = {}): Promise<Json[]> {
    return listOf(await this.get(path, headers));
  }

  async post(path: string, body: unknown, status = 201): Promise<Json> {
    return objectOf(await this.call('POST', path, body), status);
  }

  /** Imports a hash and waits for the end of it. */
  async import(hash: string, more: Json = {}): Promise<Json> {
    const { id } = await this.post('/beta/deviceManagement/importedWindowsAutopilotDeviceIdentities', importBody(hash, more));
    return this.get(`/beta/deviceManagement/importedWindowsAutopilotDeviceIdentities/${String(id)}`);
  }

  /** Imports a new device; its ZTD id. */
  async register(hash = newDevice().hash, more: Json = {}): Promise<string> {
    return String(stateOf(await this.import(hash, more)).deviceRegistrationId);
  }

  identity(ztdId: string, query = ''): Promise<Json> {
    return this.get(`/beta/deviceManagement/windowsAutopilotDeviceIdentities/${ztdId}${query}`);
  }

  /** The directory object of a registration, by its device id. */
  async device(deviceId: unknown): Promise<Json | undefined> {
    return (await this.list(`/v1.0/devices?$filter=deviceId eq '${String(deviceId)}'`))[0];
  }
}

export function objectOf(response: TestResponse, status: number): Json {
  if (response.status !== status) throw new Error(`${response.status} instead of ${status}: ${response.text()}`);
  const value = response.json();
  if (typeof value !== 'object' || value === null) throw new Error('Not an object');
  return value as Json;
}

export function listOf(body: Json): Json[] {
  if (!Array.isArray(body.value)) throw new Error('Not a collection');
  return body.value as Json[];
}

/** Address of the next page; empty on the last. */
export function nextOf(page: Json): string {
  const link = page['@odata.nextLink'];
  return typeof link === 'string' ? link : '';
}

/** `state` of an import record. */
export const stateOf = (record: Json): Json => record.state as Json;

export const errorOf = (response: TestResponse): { status: number; code: unknown; message: string } => {
  const { code, message } = (response.json() as { error: Json }).error;
  return { status: response.status, code, message: String(message) };
};

export interface TestHardware {
  readonly serial: string;
  readonly report: HardwareReport;
  readonly hash: string;
}

/** A device like no other. Its EK has random public numbers: making a real key takes longer than a test. */
export function newDevice(change: Partial<HardwareReport> = {}, facts: Partial<DeviceFacts> = {}): TestHardware {
  const serial = facts.serial ?? `LAB-${randomBytes(4).toString('hex').toUpperCase()}`;
  const ekPublic = Buffer.concat([Buffer.from([0xc1]), randomBytes(255)]);
  const report: HardwareReport = {
    ...hardwareReportOf({
      serial,
      manufacturer: 'Contoso Devices',
      model: 'Labbook 14',
      sku: 'LB14',
      family: 'Labbook',
      smbiosUuid: randomUUID(),
      macAddresses: ['02-00-5E-10-00-01'],
      osBuild: '26100.2454',
      time: new Date(),
      tpmVersion: tpmVersionText('IFX', '7.85.4555.0'),
      ...facts,
    }),
    ekPublic,
    offlineDeviceId: { type: 1, id: Buffer.from(ekHashOfNumbers(ekPublic), 'hex') },
    ...change,
  };
  return { serial, report, hash: encodeHardwareHash(report) };
}

/** A record as the public module posts it (reference 01, 3.2). */
export const importBody = (hash: string, more: Json = {}): Json => ({
  '@odata.type': '#microsoft.graph.importedWindowsAutopilotDeviceIdentity',
  groupTag: '',
  serialNumber: '',
  productKey: '',
  hardwareIdentifier: hash,
  assignedUserPrincipalName: '',
  state: {
    '@odata.type': 'microsoft.graph.importedWindowsAutopilotDeviceIdentityState',
    deviceImportStatus: 'pending',
    deviceRegistrationId: '',
    deviceErrorCode: 0,
    deviceErrorName: '',
  },
  ...more,
});
