import { KeyPool } from '@greenscreen/crypto/keys';
import { type DeviceNetwork, type DeviceRequest, type DeviceTraits, type EspState } from '@greenscreen/device/context';
import { enrollInMdm, type MdmEnrollment } from '@greenscreen/device/enroll';
import { StatusPage } from '@greenscreen/device/esp';
import { DeviceManagement } from '@greenscreen/device/management';
import { createSoftwareTpm, type Tpm } from '@greenscreen/device/tpm';
import { assignManagement, type Assignments, queueCommands, type NewDmCommand } from '@greenscreen/model/mdm-session';
import { MdmEnrollment as EnrollmentRecord } from '@greenscreen/model/mdm-enrollment';
import { type EspSettings, Tenant } from '@greenscreen/model/tenancy';
import { type TestCloud } from '../../support/cloud.js';
import { type TestClock, type TestDevice, testDevice } from '../../support/device.js';
import { type TestTenant } from '../../support/tenant.js';
import { deviceToken, DISCOVERY, joinedAutopilotDevice, RESOURCE, type TestDevice as DirectoryRecords } from '../mdm/support.js';

const keys = new KeyPool({ rsa2048: 2 });
let tpm: Promise<Tpm> | undefined;

/** A PC that has just been enrolled without a user, with its status page open. */
export interface ManagedPc extends TestDevice {
  readonly records: DirectoryRecords;
  readonly enrollment: MdmEnrollment;
  readonly management: DeviceManagement;
  readonly page: StatusPage;
  /** Texts that a line has shown, in their order. */
  line(name: string): { readonly state: EspState; readonly text: string }[];
  /** Requests of a service as they went out. */
  sent(service: string): { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string }[];
  /** What a service has answered. */
  answered(service: string): Buffer[];
  /** The stored enrollment. */
  record(): Promise<EnrollmentRecord>;
  /** Queues commands for its next session. */
  queue(...commands: readonly NewDmCommand[]): Promise<void>;
}

export interface PcChange {
  readonly traits?: Partial<Omit<DeviceTraits, 'tpm'>>;
  readonly network?: (network: DeviceNetwork, clock: TestClock) => DeviceNetwork;
}

export async function managedPc(cloud: TestCloud, lab: TestTenant, change: PcChange = {}): Promise<ManagedPc> {
  const records = await joinedAutopilotDevice(cloud, lab);
  const sent: DeviceRequest[] = [];
  const answered: { readonly service: string; readonly body: Buffer }[] = [];
  const device = await testDevice(cloud, await (tpm ??= createSoftwareTpm({ ek: 'rsa2048', keys })), {
    roots: '',
    ...(change.traits ? { traits: change.traits } : {}),
    network: (network, clock) => recording(change.network?.(network, clock) ?? network, sent, answered),
  });
  const { context } = device;
  const enrollment = await enrollInMdm(context, {
    discoveryUrl: DISCOVERY,
    upn: `fooUser@${lab.domain}`,
    accessToken: await deviceToken(cloud, lab, records),
    resource: RESOURCE,
    tenantId: lab.tenant.id,
    mode: 'whiteGlove',
    ztdRegistrationId: records.ztdId,
    deviceName: 'DESKTOP-LAB01',
  });
  const management = new DeviceManagement(context, enrollment, { computerName: () => 'DESKTOP-LAB01', hardwareHash: () => 'T0F' });
  const em = cloud.context.dataSource.manager;
  const record = () => em.findOneByOrFail(EnrollmentRecord, { id: management.tree.read(ENT_DM_ID) ?? '' });
  return {
    ...device,
    records,
    enrollment,
    management,
    page: new StatusPage(context),
    line: (name) =>
      context.timeline.entries.flatMap((entry) =>
        entry.kind === 'esp' && entry.line === name ? [{ state: entry.state, text: entry.text }] : [],
      ),
    sent: (service) =>
      sent.flatMap((request) =>
        request.service === service ? [{ url: request.url, headers: request.headers ?? {}, body: String(request.body ?? '') }] : [],
      ),
    answered: (service) => answered.flatMap((answer) => (answer.service === service ? [answer.body] : [])),
    record,
    queue: async (...commands) => {
      const { id, tenantId } = await record();
      await queueCommands(em, { enrollmentId: id, tenantId, at: new Date() }, ...commands);
    },
  };
}

const recording = (
  network: DeviceNetwork,
  sent: DeviceRequest[],
  answered: { readonly service: string; readonly body: Buffer }[],
): DeviceNetwork => ({
  http: async (request) => {
    sent.push(request);
    const response = await network.http(request);
    answered.push({ service: request.service, body: response.body });
    return response;
  },
});

/** A category of the page as the registry has it. */
export function settingsOf({ context }: TestDevice, category: string): unknown {
  const value = context.registry.get('HKLM\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotSettings', `${category}Category.Status`);
  return JSON.parse(String(value)) as unknown;
}

/** Of whoever signs in. */
export const SID = 'S-1-12-1-1-2-3-4';

export const PROVIDER = './Device/Vendor/MSFT/DMClient/Provider/MS%20DM%20Server';
const ENT_DM_ID = `${PROVIDER}/EntDMID`;
export const FIRST_SYNC = `${PROVIDER}/FirstSyncStatus`;
export const TRACKING = './Device/Vendor/MSFT/EnrollmentStatusTracking';
export const AGENT_MSI = './Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/%7B2FE7E6F1-0A61-4C6C-9C8F-3D1F2F5B7A10%7D';

/** A required app as the tests want it. */
export const app = (id: string, more: Partial<Assignments['apps'][number]> = {}): Assignments['apps'][number] => ({
  id,
  type: 'win32',
  detection: 'match',
  exitCode: 0,
  seconds: 40,
  ...more,
});

/** Puts apps and policies in the place of those that the tenant had. */
export async function assign({ context }: TestCloud, { tenant }: TestTenant, given: Partial<Assignments>): Promise<void> {
  await context.dataSource.transaction((em) =>
    assignManagement(em, tenant.id, { apps: [], policies: [], ...given }, context.random, new Date()),
  );
}

export async function setPage({ context }: TestCloud, { tenant }: TestTenant, change: Partial<EspSettings>): Promise<void> {
  const em = context.dataSource.manager;
  const { esp } = await em.findOneByOrFail(Tenant, { id: tenant.id });
  await em.update(Tenant, { id: tenant.id }, { esp: { ...esp, ...change } });
}
