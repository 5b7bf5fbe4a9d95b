import { type EntityManager, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { AutopilotDevice, deleteRegistration, DeploymentEvent, latestDeployment } from '../autopilot/index.js';
import { deleteDevice, type DirectoryChange, EntraDevice } from '../directory/index.js';
import { type RecordChange } from '../faults/index.js';
import { ManagedDevice } from '../intune/index.js';
import { deleteManagedDevice } from '../mdm-enrollment/index.js';

/** A change that cannot be made; the message says why. */
export class RecordChangeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RecordChangeError';
  }
}

export interface RecordOwner {
  readonly tenantId: string;
  readonly serial: string;
}

/**
 * Changes one of a device's records as an administrator, another product or an accident would (06, D-B67), in the caller's transaction.
 * Deleting goes the way of the real deletion, with everything that follows from it; `set` writes columns as they are. Throws
 * {@link RecordChangeError}.
 */
export async function changeRecord(em: EntityManager, change: RecordChange, owner: RecordOwner, how: DirectoryChange): Promise<void> {
  const { target, set, clone } = change;
  const registration = await em.findOne(AutopilotDevice, {
    where: { tenantId: owner.tenantId, serialNumber: owner.serial },
    order: { createdAt: 'DESC' },
  });
  if (!registration) throw new RecordChangeError(`No device with serial number ${owner.serial} is registered in the tenant`);
  const record = await find(em, target, registration);
  if (!record) throw new RecordChangeError(`The device has no ${target} record`);
  if (change.delete) await remove(em, target, registration, record, how);
  if (set) await assign(em, target, record, set);
  if (clone) await copy(em, target, record, how);
}

const entities = { AP: AutopilotDevice, DEV: EntraDevice, MD: ManagedDevice, EVT: DeploymentEvent } satisfies Record<
  RecordChange['target'],
  EntityTarget<ObjectLiteral>
>;

type Records = AutopilotDevice | EntraDevice | ManagedDevice | DeploymentEvent;

function find(em: EntityManager, target: RecordChange['target'], registration: AutopilotDevice): Promise<Records | null> {
  const { entraDeviceId, managedDeviceId, ztdId } = registration;
  switch (target) {
    case 'AP':
      return Promise.resolve(registration);
    case 'DEV':
      return entraDeviceId === null ? Promise.resolve(null) : em.findOneBy(EntraDevice, { deviceId: entraDeviceId });
    case 'MD':
      return managedDeviceId === null ? Promise.resolve(null) : em.findOneBy(ManagedDevice, { id: managedDeviceId });
    case 'EVT':
      return latestDeployment(em, ztdId);
  }
}

async function remove(
  em: EntityManager,
  target: RecordChange['target'],
  registration: AutopilotDevice,
  record: Records,
  how: DirectoryChange,
): Promise<void> {
  if (target === 'AP') await deleteRegistration(em, registration, how);
  else if (record instanceof EntraDevice) await deleteDevice(em, record, how);
  else if (record instanceof ManagedDevice) await deleteManagedDevice(em, record.id, how.at);
  else await em.delete(DeploymentEvent, { ztdId: registration.ztdId });
}

async function assign(em: EntityManager, target: RecordChange['target'], record: Records, set: Record<string, unknown>): Promise<void> {
  const { columns, primaryColumns } = em.connection.getMetadata(entities[target]);
  const fixed = [...primaryColumns.map(({ propertyName }) => propertyName), 'tenantId'];
  const wrong = Object.keys(set).find((name) => fixed.includes(name) || !columns.some(({ propertyName }) => propertyName === name));
  if (wrong !== undefined) throw new RecordChangeError(`${target} has no member "${wrong}" that can be set`);
  const [key] = primaryColumns;
  if (!key) return;
  await em
    .createQueryBuilder()
    .update(entities[target])
    .set(set)
    .where(`${key.databaseName} = :id`, { id: key.getEntityValue(record) as string })
    .execute();
}

/** Only of a directory object: the same identity a second time is what makes a join ambiguous (06, D-A27). */
async function copy(em: EntityManager, target: RecordChange['target'], record: Records, { random, at }: DirectoryChange): Promise<void> {
  if (!(record instanceof EntraDevice)) throw new RecordChangeError(`${target} cannot be cloned`);
  await em.insert(EntraDevice, { ...record, objectId: random.uuid(), deviceId: random.uuid(), createdAt: at });
}
