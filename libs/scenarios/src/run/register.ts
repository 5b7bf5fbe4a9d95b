import { encodeAutopilotCsv } from '@greenscreen/wire/autopilot-csv';
import { AdministratorError, GraphSession, importHardwareHash, postImport } from '../administrator/index.js';
import { type Stage } from './flow.js';
import { registeredHash } from './registered-hash.js';

/** T0: the administrator imports the hardware hash, before the PC is ever switched on (reference 05, A.3). */
export async function register(stage: Stage): Promise<undefined> {
  const { device, office, control, observer, tenant, scenario, serial, keys } = stage;
  const { clock, timeline } = device.context;
  timeline.note({ kind: 'phase', phase: 'register' });
  if (scenario.device.hash === 'absent') return;
  if (scenario.device.hash === 'damaged') return registerDamaged(stage);
  const { assignment } = scenario.tenant.autopilot;
  const { failed } = await importHardwareHash((request) => office.http(request), {
    tenantId: tenant.id,
    clientId: tenant.clientId,
    clientSecret: tenant.clientSecret,
    csv: encodeAutopilotCsv([
      {
        serialNumber: serial,
        productId: '',
        hardwareHash: await registeredHash({ device, relation: scenario.device.hash, serial, keys }),
        groupTag: '',
        assignedUser: assignedUser(stage),
      },
    ]),
    assign: assignment !== 'none',
    pause: (milliseconds) => clock.wait(milliseconds, 'the administrator waits for the import'),
  });
  for (const { errorCode, errorName } of failed) throw new AdministratorError('import', `${serial}: ${errorCode} ${errorName}`);
  if (assignment === 'deleted') await control.changeRecord(tenant.id, serial, { target: 'AP', set: { profileId: NO_PROFILE } });
  timeline.note({ kind: 'checkpoint', checkpoint: 'imported' });
  await observer.lookAt('imported', clock.now());
}

/** A script without the checks of the portal's CSV import: Graph refuses what is no base64, and the administrator may not even see it (reference 05, 16). */
async function registerDamaged({ device, office, tenant, serial, keys }: Stage): Promise<undefined> {
  const credentials = { tenantId: tenant.id, clientId: tenant.clientId, clientSecret: tenant.clientSecret };
  const graph = await GraphSession.open((request) => office.http(request), credentials);
  try {
    const hardwareHash = await registeredHash({ device, relation: 'damaged', serial, keys });
    await postImport(graph, {
      serialNumber: serial,
      productId: '',
      hardwareHash,
      manufacturer: '',
      model: '',
      groupTag: '',
      assignedUser: '',
    });
  } catch (error) {
    if (!(error instanceof AdministratorError) || error.status !== 400) throw error;
    device.context.timeline.note({ kind: 'local', what: `The import does nothing: ${error.message}` });
  }
}

/** Of a profile that was deleted behind the assignment's back (reference 05, 19). */
const NO_PROFILE = '00000000-0000-4000-8000-00000000dead';

const assignedUser = ({ scenario, tenant }: Stage): string => {
  const name = scenario.tenant.assignedUser;
  return name === undefined ? '' : (tenant.users.find((upn) => upn.startsWith(`${name}@`)) ?? name);
};
