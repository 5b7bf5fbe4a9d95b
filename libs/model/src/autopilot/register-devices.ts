import { type EntityManager, In } from 'typeorm';
import {
  hardwareIdEntries,
  precreateDevices,
  registrationEntries,
  ztdIdOf,
  type DirectoryChange,
  type Precreation,
} from '../directory/index.js';
import { Tenant } from '../tenancy/index.js';
import { assignmentMannerOf, assignmentOf, type AssignmentManner } from './apply-assignments.js';
import { loadAssignmentPlan, type AssignmentPlan } from './assignment-plan.js';
import { AutopilotDevice } from './autopilot-device.entity.js';
import { type DdsErrorCode } from './dds-error.js';

/** The device behind a hardware hash, as `hardwareIdentityOf` of the hash's codec tells it. */
export interface HardwareFacts {
  readonly ekHash: string | null;
  readonly ddid: string;
  readonly smbiosUuid: string | null;
  readonly serialNumber: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly skuNumber: string;
  readonly systemFamily: string;
  readonly productKeyId: string;
  readonly tpmVersion: string;
}

export interface Registration {
  readonly hardware: HardwareFacts;
  /** The hash as it came. */
  readonly hardwareHash: string;
  /** Taken when the hash has none. */
  readonly serialNumber: string;
  readonly productKey: string;
  readonly groupTag: string;
  readonly userPrincipalName: string;
}

export type RegistrationOutcome =
  { readonly registered: AutopilotDevice; readonly refused?: never } | { readonly refused: DdsErrorCode; readonly registered?: never };

/**
 * Registers devices in a tenant, each with its disabled directory object and its profile, in the caller's transaction (reference 01, 3.2
 * steps 2 to 6; 06 D-A75). Outcomes stand in the order of the registrations. Locks keep two replicas from registering one device twice.
 */
export async function registerDevices(
  em: EntityManager,
  tenantId: string,
  change: DirectoryChange,
  registrations: readonly Registration[],
): Promise<RegistrationOutcome[]> {
  await lockHardware(em, registrations);
  const tenant = await em.findOneByOrFail(Tenant, { id: tenantId });
  const work: Work = {
    em,
    tenantId,
    change,
    plan: await loadAssignmentPlan(em, tenantId),
    manner: assignmentMannerOf(tenant),
    known: await findKnown(em, registrations),
    joined: await findJoinedHardware(em, tenantId, registrations),
    added: [],
  };
  const outcomes = registrations.map((registration): RegistrationOutcome => {
    const refused = refusalOf(work, registration);
    return refused === undefined ? { registered: register(work, registration) } : { refused };
  });
  await insertAll(work);
  return outcomes;
}

/** Objects first: a registration names the one that it stands on. */
async function insertAll({ em, added }: Work): Promise<void> {
  if (added.length === 0) return;
  const objects = await precreateDevices(
    em,
    added.map(({ precreation }) => precreation),
  );
  added.forEach(({ device }, index) => {
    device.entraDeviceId = objects[index]?.deviceId ?? null;
  });
  await em.insert(
    AutopilotDevice,
    added.map(({ device }) => device),
  );
}

interface Work {
  readonly em: EntityManager;
  readonly tenantId: string;
  readonly change: DirectoryChange;
  readonly plan: AssignmentPlan;
  readonly manner: AssignmentManner;
  /** Registrations of any tenant that one of the new ones may collide with. */
  readonly known: Known[];
  /** `[HWID]` entries of objects that joined without Autopilot (06 D-A45). */
  readonly joined: ReadonlySet<string>;
  readonly added: { readonly device: AutopilotDevice; readonly precreation: Precreation }[];
}

type Known = Pick<AutopilotDevice, 'tenantId' | 'ekHash' | 'smbiosUuid' | 'serialNumber' | 'manufacturer' | 'model'>;

/** In one order, so that two batches cannot wait for each other. Held until the transaction ends. */
async function lockHardware(em: EntityManager, registrations: readonly Registration[]): Promise<void> {
  const keys = [...new Set(registrations.map(({ hardware }) => `autopilot:${hardware.ddid}`))].sort();
  await em.query('SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest($1::text[]) AS key', [keys]);
}

/** By EK; hashes without one by what the firmware says. */
async function findKnown(em: EntityManager, registrations: readonly Registration[]): Promise<Known[]> {
  const ekHashes = registrations.flatMap(({ hardware }) => (hardware.ekHash === null ? [] : [hardware.ekHash]));
  const bare = registrations.filter(({ hardware }) => hardware.ekHash === null);
  const uuids = bare.flatMap(({ hardware }) => (hardware.smbiosUuid === null ? [] : [hardware.smbiosUuid]));
  const select = { tenantId: true, ekHash: true, smbiosUuid: true, serialNumber: true, manufacturer: true, model: true } as const;
  const byEk = ekHashes.length > 0 ? await em.find(AutopilotDevice, { select, where: { ekHash: In(ekHashes) } }) : [];
  const byFirmware = uuids.length > 0 ? await em.find(AutopilotDevice, { select, where: { smbiosUuid: In(uuids) } }) : [];
  return [...byEk, ...byFirmware];
}

/** One look-up in the index for each entry: `&&` with a long list is planned as a walk through all devices. */
async function findJoinedHardware(em: EntityManager, tenantId: string, registrations: readonly Registration[]): Promise<Set<string>> {
  const wanted = registrations.flatMap(({ hardware }) => hardwareIdEntries(hardware.ddid));
  const rows: readonly { physical_ids: string[] }[] = await em.query(
    `SELECT device.physical_ids
       FROM unnest($2::text[]) AS wanted (entry)
       JOIN entra_device AS device ON device.physical_ids @> ARRAY[wanted.entry]
      WHERE device.tenant_id = $1 AND device.state <> 'deleted'`,
    [tenantId, wanted],
  );
  return new Set(rows.filter(({ physical_ids: physicalIds }) => ztdIdOf({ physicalIds }) === undefined).flatMap((row) => row.physical_ids));
}

/** The checks of reference 01, 3.2 in their order. */
function refusalOf({ known, tenantId, joined }: Work, registration: Registration): DdsErrorCode | undefined {
  const { hardware } = registration;
  if (!serialOf(registration) && !productKeyOf(registration)) return 803;
  const matches = known.filter((candidate) => isSameDevice(candidate, registration));
  if (matches.length > 1) return 813;
  if (matches[0]) return matches[0].tenantId === tenantId ? 806 : 808;
  if (hardwareIdEntries(hardware.ddid).some((entry) => joined.has(entry))) return 814;
  return undefined;
}

function isSameDevice(candidate: Known, registration: Registration): boolean {
  const { hardware } = registration;
  if (hardware.ekHash !== null) return candidate.ekHash === hardware.ekHash;
  return (
    candidate.smbiosUuid === hardware.smbiosUuid &&
    candidate.serialNumber === serialOf(registration) &&
    candidate.manufacturer === hardware.manufacturer &&
    candidate.model === hardware.model
  );
}

const serialOf = ({ hardware, serialNumber }: Registration): string => hardware.serialNumber || serialNumber.trim();
const productKeyOf = ({ hardware, productKey }: Registration): string => productKey.trim() || hardware.productKeyId;

function register(work: Work, registration: Registration): AutopilotDevice {
  const { em, tenantId, change, plan, manner } = work;
  const { hardware, groupTag } = registration;
  const ztdId = change.random.uuid();
  const serialNumber = serialOf(registration);
  const expected = { displayName: serialNumber, physicalIds: registrationEntries(ztdId, groupTag, ''), accountEnabled: false };
  const planned = plan.profileOf({ ztdId, object: { ...expected, trustType: 'AzureAd' } });
  const enrollmentProfileName = planned?.profile.displayName ?? null;
  const device = em.create(AutopilotDevice, {
    ztdId,
    tenantId,
    serialNumber,
    manufacturer: hardware.manufacturer,
    model: hardware.model,
    skuNumber: hardware.skuNumber,
    systemFamily: hardware.systemFamily,
    productKey: productKeyOf(registration),
    groupTag,
    purchaseOrderIdentifier: '',
    userPrincipalName: registration.userPrincipalName,
    addressableUserName: '',
    displayName: '',
    deviceAccountUpn: '',
    resourceName: '',
    ekHash: hardware.ekHash,
    ddid: hardware.ddid,
    smbiosUuid: hardware.smbiosUuid,
    hardwareHash: registration.hardwareHash,
    tpmVersion: hardware.tpmVersion,
    entraDeviceId: null,
    managedDeviceId: null,
    enrollmentState: 'notContacted',
    userlessEnrollmentStatus: 'unknown',
    ...assignmentOf(planned, hardware.tpmVersion, null, manner, change.at),
    remediationState: 'noRemediationRequired',
    remediationStateAt: null,
    remediationData: null,
    firstContactedAt: null,
    lastContactedAt: null,
    createdAt: change.at,
    deleteDueAt: null,
  });
  work.known.push(device);
  work.added.push({ device, precreation: { ...change, tenantId, ztdId, serialNumber, groupTag, enrollmentProfileName } });
  return device;
}
