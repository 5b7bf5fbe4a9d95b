import { AdministratorError } from './administrator-error.js';
import { type GraphSession, textOf } from './graph-session.js';
import { type ImportedDevice } from './import-hardware-hash.js';
import { IDENTITIES, lookUntil, type Patience } from './import-records.js';

/** `-AddToGroup`: the group by name, then for each device its directory object by search, and the reference (reference 01, 3.7 step 6). */
export async function addToGroup(graph: GraphSession, name: string, devices: readonly ImportedDevice[]): Promise<void> {
  const filter = encodeURIComponent(`DisplayName eq '${name.replaceAll("'", "''")}'`);
  const [group] = await graph.list({ operation: 'ListGroups', path: `/v1.0/groups?$filter=${filter}` });
  if (!group) throw new AdministratorError('ListGroups', `there is no group "${name}"`);
  for (const device of devices) await addMember(graph, textOf(group, 'id'), device);
}

async function addMember(graph: GraphSession, groupId: string, { entraDeviceId }: ImportedDevice): Promise<void> {
  const [object] = await graph.list({
    operation: 'ListDevices',
    path: `/v1.0/devices?$search=deviceId:${entraDeviceId}`,
    headers: { ConsistencyLevel: 'eventual' },
  });
  if (!object) throw new AdministratorError('ListDevices', `there is no device "${entraDeviceId}"`);
  await graph.call({
    operation: 'AddMember',
    method: 'POST',
    path: `/v1.0/groups/${groupId}/members/$ref`,
    body: { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${textOf(object, 'id')}` },
  });
}

/** `-AssignedComputerName`: the body has an unquoted member name, as the public module writes it (reference 01, 3.7 step 7). */
export async function nameDevice(graph: GraphSession, name: string, { ztdId }: ImportedDevice): Promise<void> {
  await graph.call({
    operation: 'UpdateDeviceProperties',
    method: 'POST',
    path: `${IDENTITIES}/${ztdId}/UpdateDeviceProperties`,
    body: `{ displayName: ${JSON.stringify(name)} }`,
  });
}

/** `-Assign`: ends when the status starts with `assigned`, with that case (reference 01, 3.7 step 8). */
export async function waitForAssignment(graph: GraphSession, { ztdId }: ImportedDevice, patience: Patience): Promise<void> {
  await lookUntil('assignment', patience, async () => {
    const path = `${IDENTITIES}/${ztdId}?$expand=deploymentProfile,intendedDeploymentProfile`;
    const status = textOf(await graph.call({ operation: 'GetIdentity', path }), 'deploymentProfileAssignmentStatus');
    return status.startsWith('assigned') ? status : undefined;
  });
}
