import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { msaTicket } from '@greenscreen/host/authority/definitions';
import { certificateKeyId, signJwt } from '@greenscreen/crypto/jose';
import { AutopilotDevice, registerDevices } from '@greenscreen/model/autopilot';
import { type FaultAction, type FaultMatch } from '@greenscreen/model/faults';
import { Tenant } from '@greenscreen/model/tenancy';
import {
  decodeHardwareHash,
  ddidOfEk,
  type DeviceFacts,
  ekHashOf,
  hardwareHashOf,
  hardwareIdentityOf,
  tpmVersionText,
} from '@greenscreen/wire/hardware-hash';
import {
  componentsOfFacts,
  decodeDeviceAddResponse,
  encodeDeviceAddRequest,
  msaAddresses,
  type ReceivedDeviceAdd,
} from '@greenscreen/wire/msa';
import { encodeProfileRequest, type ProfileRequest, ZTD_ORIGIN, ztdPaths } from '@greenscreen/wire/ztd';
import { randomBytes, randomUUID } from 'node:crypto';
import { ztd } from '@greenscreen/ztd';
import { startCloud, type TestCloud, type TestRequest, type TestResponse } from '../../support/cloud.js';
import { type TestTenant } from '../../support/tenant.js';

export const PROFILE_URL = `${ZTD_ORIGIN}${ztdPaths.profile}`;
export const REMEDIATION_URL = `${ZTD_ORIGIN}${ztdPaths.remediation}`;

/** A PC of flesh and blood: its EK and what its firmware says. */
export interface Machine {
  readonly ek: KeyPair;
  readonly ekHash: string;
  readonly ddid: string;
  readonly facts: DeviceFacts;
  readonly hash: string;
}

let spareKeys: Promise<KeyPair>[] = [];
/** EK generation takes a while: begin with the ones that a file needs. */
export function prepareKeys(count: number): void {
  spareKeys = Array.from({ length: count }, () => generateKeyPair('rsa2048'));
}

export async function newMachine(change: Partial<DeviceFacts> = {}): Promise<Machine> {
  const ek = await (spareKeys.pop() ?? generateKeyPair('rsa2048'));
  const facts: DeviceFacts = {
    serial: `LAB-${randomBytes(4).toString('hex')}`,
    manufacturer: 'Contoso Devices',
    model: 'Labbook 14',
    sku: 'LB14',
    family: 'Labbook',
    smbiosUuid: randomUUID(),
    macAddresses: ['02-00-5E-10-00-01'],
    osBuild: '26100.2454',
    time: new Date('2026-01-12T08:00:00Z'),
    ekPublic: ek.publicKey,
    tpmVersion: tpmVersionText('IFX', '7.85.4555.0'),
    ...change,
  };
  const ekHash = ekHashOf(ek.publicKey);
  return { ek, ekHash, ddid: ddidOfEk(ekHash), facts, hash: hardwareHashOf(facts) };
}

/** The machine's hash after something has changed. */
export const hashOf = (machine: Machine, change: Partial<DeviceFacts>): string => hardwareHashOf({ ...machine.facts, ...change });

/** What an import does. */
export async function register(
  { context }: TestCloud,
  { tenant }: TestTenant,
  { hash }: Machine,
  change: { readonly userPrincipalName?: string } = {},
): Promise<AutopilotDevice> {
  const registration = {
    hardware: hardwareIdentityOf(decodeHardwareHash(hash)),
    hardwareHash: hash,
    serialNumber: '',
    productKey: '',
    groupTag: '',
    userPrincipalName: change.userPrincipalName ?? '',
  };
  const directory = { random: context.random, at: await context.clock.now(tenant.id), correlationId: randomUUID() };
  const [outcome] = await context.dataSource.transaction((em) => registerDevices(em, tenant.id, directory, [registration]));
  if (!outcome?.registered) throw new Error(`Not registered: ${String(outcome?.refused)}`);
  return outcome.registered;
}

export const registrationOf = ({ context }: TestCloud, ztdId: string): Promise<AutopilotDevice> =>
  context.dataSource.manager.findOneByOrFail(AutopilotDevice, { ztdId });

/** A tenant's switches, from now on. */
export async function setSwitches({ context }: TestCloud, { tenant }: TestTenant, switches: Tenant['switches']): Promise<void> {
  await context.dataSource.manager.update(Tenant, { id: tenant.id }, { switches });
}

export interface Credentials {
  readonly membername: string;
  readonly password: string;
}
export const newCredentials = (): Credentials => ({
  membername: `02${randomBytes(7).toString('hex')}`,
  password: randomBytes(10).toString('hex'),
});

/** What the machine says of itself at login.live.com: `components` leaves the EK out. */
export const componentsOf = ({ facts, ekHash }: Machine, withEk = true) =>
  componentsOfFacts({ serial: facts.serial, smbiosUuid: facts.smbiosUuid, ...(withEk ? { ekHash } : {}) });

export const postMsa = (cloud: TestCloud, url: string, body: Buffer | string): Promise<TestResponse> =>
  cloud.request(url, { method: 'POST', headers: { 'content-type': 'application/soap+xml' }, body });

export const addDevice = (
  cloud: TestCloud,
  credentials: Credentials,
  components: ReadonlyMap<string, Buffer | undefined>,
  tpmKey?: { modulus: Buffer; exponent: Buffer },
): Promise<TestResponse> =>
  postMsa(cloud, msaAddresses.deviceAdd, encodeDeviceAddRequest({ ...credentials, components, ...(tpmKey ? { tpmKey } : {}) }));

export function added(response: TestResponse): ReceivedDeviceAdd & { success: true } {
  const answer = decodeDeviceAddResponse(response.body);
  if (!answer.success) throw new Error(`Not added: ${answer.code}`);
  return answer;
}

/** A ticket as login.live.com mints it. */
export async function mintTicket({ context }: TestCloud, { ddid, ekHash }: Machine, change: Record<string, unknown> = {}): Promise<string> {
  const { certificate, privateKey } = await context.authorities.get(msaTicket);
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'login.live.com',
    aud: 'ztd.dds.microsoft.com',
    ddid,
    gdid: '0018400FA1B2C3D4',
    ekh: ekHash,
    tks: 3,
    iat,
    exp: iat + 86_400,
  };
  return `t=${await signJwt({ ...claims, ...change }, { alg: 'ES256', kid: certificateKeyId(certificate), privateKey })}`;
}

/** A profile request; a header that is undefined is not sent. */
export const getProfile = (cloud: TestCloud, request: ProfileRequest, options: TestRequest = {}): Promise<TestResponse> =>
  cloud.request(PROFILE_URL, { method: 'GET', headers: { ...encodeProfileRequest(request), ...options.headers } });

/** A request as the machine itself would send it. */
export const askForProfile = async (cloud: TestCloud, machine: Machine, change: ProfileRequest = {}): Promise<TestResponse> =>
  getProfile(cloud, {
    deviceToken: await mintTicket(cloud, machine),
    correlationVector: 'W1D16N3gSUORhUV2.0.1',
    hardwareHash: machine.hash,
    manufacturer: machine.facts.manufacturer,
    model: machine.facts.model,
    osVersion: `10.0.${machine.facts.osBuild}`,
    osEdition: '48',
    ...change,
  });

/** Members of a JSON answer. */
export function membersOf(response: TestResponse): Record<string, unknown> {
  const value = response.json();
  if (typeof value !== 'object' || value === null) throw new Error(`No object: ${response.text()}`);
  return Object.fromEntries(Object.entries(value));
}

export interface TestFault {
  readonly service: string;
  readonly operation: string;
  readonly match: FaultMatch;
  readonly action: FaultAction;
}

/** Arms a fault while the work lasts. */
export async function withFault({ context }: TestCloud, fault: TestFault, work: () => Promise<void>): Promise<void> {
  const { id } = await context.faultRules.arm(fault);
  try {
    await work();
  } finally {
    await context.faultRules.clear({ id });
  }
}

/** Another replica, which refuses devices without a tenant in this shape. */
export async function withShape(shape: string, work: (other: TestCloud) => Promise<void>): Promise<void> {
  process.env.GREENSCREEN_ZTD_ERROR_SHAPE = shape;
  const { cloud, stop } = await startCloud([ztd]);
  delete process.env.GREENSCREEN_ZTD_ERROR_SHAPE;
  try {
    await work(cloud);
  } finally {
    await stop();
  }
}
