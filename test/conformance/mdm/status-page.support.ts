import { type ServiceDefinition } from '@greenscreen/host/service';
import { mdm } from '@greenscreen/mdm';
import { DeploymentEvent } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { assignManagement } from '@greenscreen/model/mdm-session';
import { Tenant } from '@greenscreen/model/tenancy';
import { alertType, type SyncMessage } from '@greenscreen/wire/syncml';
import { beforeAll, expect } from '@jest/globals';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  agentUp,
  alert,
  DmClient,
  FIRST_SYNC,
  green,
  managedDevice,
  namesOf,
  type SessionOptions,
  stateOf,
  worksOf,
  type ManagedTestDevice,
} from './session.support.js';
import { userToken } from './support.js';

/** A managed PC on its way through the status page. */
export interface Run {
  readonly lab: TestTenant;
  readonly device: ManagedTestDevice;
  readonly client: DmClient;
  readonly state: () => Promise<string>;
  /** Plays a session; the names of what the server sent. */
  readonly session: (options?: SessionOptions) => Promise<string[]>;
}

export const FINISHED = `${FIRST_SYNC}/ServerHasFinishedProvisioning`;

/** What the server wrote to a node. */
export const written = (answers: SyncMessage[], uri: string) =>
  answers.flatMap(worksOf).find(({ items }) => items[0]?.target === uri)?.items[0];

/** The MDM service, and others, with a tenant that the tests of a file share, and what they do with both. */
export function useStatusPage(...others: ServiceDefinition[]) {
  const cloud = useCloud(mdm, ...others);
  const em = () => cloud().context.dataSource.manager;
  let shared: TestTenant;
  beforeAll(async () => {
    shared = await newTenant(cloud());
  });

  /** A device, its client, and its tenant. */
  async function start(lab = shared): Promise<Run> {
    const device = await managedDevice(cloud(), lab);
    const client = new DmClient(cloud, device);
    return {
      lab,
      device,
      client,
      state: () => stateOf(cloud(), device),
      session: async (options: SessionOptions = {}): Promise<string[]> => (await client.session(options)).flatMap(namesOf),
    };
  }

  async function toGreen(lab?: TestTenant): Promise<Run> {
    const run = await start(lab);
    await run.session();
    await run.session({ values: agentUp });
    await run.session({ values: green });
    expect(await run.state()).toBe('provisioned');
    return run;
  }
  const records = async ({ device }: Run) => ({
    device: await em().findOneByOrFail(EntraDevice, { deviceId: device.deviceId }),
    managed: await em().findOneByOrFail(ManagedDevice, { id: device.id }),
    event: await em().findOneByOrFail(DeploymentEvent, { ztdId: device.ztdId }),
  });
  const signIn = async ({ lab, device }: Run, change: Record<string, unknown> = {}) =>
    alert(4, alertType.userToken, await userToken(cloud(), lab, { deviceid: device.deviceId, ...change }));
  const setEsp = async ({ tenant }: TestTenant, change: Partial<Tenant['esp']>): Promise<void> => {
    await em().update(Tenant, { id: tenant.id }, { esp: { ...tenant.esp, ...change } });
  };
  const noApps = (lab: TestTenant) =>
    em().transaction((tx) => assignManagement(tx, lab.tenant.id, { apps: [], policies: [] }, cloud().context.random, new Date()));

  return { cloud, em, start, toGreen, records, signIn, setEsp, noApps };
}
