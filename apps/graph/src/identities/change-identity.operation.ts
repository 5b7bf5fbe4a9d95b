import { Fault } from '@greenscreen/host/faults';
import { applyAssignments, AutopilotDevice, deleteRegistration, mirrorGroupTag } from '@greenscreen/model/autopilot';
import { type Reply } from '@greenscreen/host/reply';
import { type EntityManager } from 'typeorm';
import { z } from 'zod';
import { graphEmpty } from '../graph-reply.js';
import { requireMatch } from '../odata/entity-reply.js';
import { type GraphRequest } from '../request/graph-request.js';
import { readBody } from '../request/read-body.js';
import { encodeIdentity } from './identity.json.js';
import { findIdentity } from './read-identities.operation.js';

/** Present and empty clears a property, and so does null; absent leaves it alone (reference 01, 3.3). */
const text = z
  .string()
  .nullable()
  .transform((value) => value ?? '')
  .optional();

/** A NetBIOS name has 15 characters (reference 01, 3.3). */
const MAX_NAME = 15;
const name = z
  .string()
  .max(MAX_NAME)
  .nullable()
  .transform((value) => value ?? '')
  .optional();

const properties = z.object({ userPrincipalName: text, addressableUserName: text, groupTag: text, displayName: name });

/** Public clients disagree about the status of an action: 204 by the reference, 200 by the Companion app (reference 01, 3.3). */
const done = (request: GraphRequest): Reply => graphEmpty(request.switch('actionStatus', 204));

/** A new tag moves the device to other groups, and so to another profile (01-27). */
export async function updateDeviceProperties(request: GraphRequest, id: string): Promise<Reply> {
  const body = readBody(properties);
  await changeIdentity(request, id, async (em, device) => {
    const { displayName = device.displayName, groupTag = device.groupTag } = body;
    const { userPrincipalName = device.userPrincipalName, addressableUserName = device.addressableUserName } = body;
    await update(em, device, { userPrincipalName, addressableUserName, displayName, groupTag });
    if (groupTag === device.groupTag) return;
    await mirrorGroupTag(em, { ...device, groupTag });
    await applyAssignments(em, device.tenantId, request.now, [device.ztdId]);
  });
  return done(request);
}

const userBody = z.object({ userPrincipalName: text, addressableUserName: text });

/** Nobody checks that the user exists (reference 01, 3.3). */
export async function assignUserToDevice(request: GraphRequest, id: string): Promise<Reply> {
  const body = readBody(userBody);
  await changeIdentity(request, id, (em, device) => {
    const { userPrincipalName = device.userPrincipalName, addressableUserName = device.addressableUserName } = body;
    return update(em, device, { userPrincipalName, addressableUserName });
  });
  return done(request);
}

export async function unassignUserFromDevice(request: GraphRequest, id: string): Promise<Reply> {
  await changeIdentity(request, id, (em, device) => update(em, device, { userPrincipalName: '', addressableUserName: '' }));
  return done(request);
}

const resourceAccountBody = z.object({ userPrincipalName: text, addressableUserName: text, resourceAccountName: text });

/** Accounts of meeting-room devices (beta). */
export async function assignResourceAccountToDevice(request: GraphRequest, id: string): Promise<Reply> {
  const { userPrincipalName = '', resourceAccountName = '' } = readBody(resourceAccountBody);
  await changeIdentity(request, id, (em, device) =>
    update(em, device, { deviceAccountUpn: userPrincipalName, resourceName: resourceAccountName }),
  );
  return done(request);
}

export async function unassignResourceAccountFromDevice(request: GraphRequest, id: string): Promise<Reply> {
  await changeIdentity(request, id, (em, device) => update(em, device, { deviceAccountUpn: '', resourceName: '' }));
  return done(request);
}

/** Clears the one-time limit behind 0x80180014 (06 D-B21). */
export async function allowNextEnrollment(request: GraphRequest, id: string): Promise<Reply> {
  await changeIdentity(request, id, (em, device) => update(em, device, { userlessEnrollmentStatus: 'allowed' }));
  return done(request);
}

/**
 * Deletes the registration and what it put into the directory; an enrolled device has to leave Intune first (reference 01, 7.3). The real
 * service takes its time, and so does this one when `graph.autopilotDeleteDelayMs` says so.
 */
export async function deleteIdentity(request: GraphRequest, id: string): Promise<Reply> {
  const delay = request.switch('autopilotDeleteDelayMs', 0);
  await changeIdentity(request, id, async (em, device) => {
    requireMatch(request, encodeIdentity(device, request.version));
    if (device.managedDeviceId !== null && !request.switch('allowDeleteEnrolled', false)) throw new Fault('graph.DeviceIsEnrolled');
    if (delay === 0) await deleteRegistration(em, device, request.change());
    else await update(em, device, { deleteDueAt: new Date(request.now.getTime() + delay) });
  });
  return graphEmpty();
}

async function changeIdentity(
  request: GraphRequest,
  id: string,
  work: (em: EntityManager, device: AutopilotDevice) => Promise<void>,
): Promise<void> {
  await request.graph.transaction(async (em) => work(em, await findIdentity(request, em, id, true)));
}

async function update(em: EntityManager, { ztdId }: AutopilotDevice, change: Partial<AutopilotDevice>): Promise<void> {
  await em.update(AutopilotDevice, { ztdId }, change);
}
