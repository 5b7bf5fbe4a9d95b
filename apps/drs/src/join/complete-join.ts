import { type KeyObject } from 'node:crypto';
import { spkiOf } from '@greenscreen/crypto/keys';
import {
  type DeviceEvent,
  EntraDevice,
  requireDeviceState,
  setDeviceUser,
  ticketEntries,
  userTicketEntries,
  withPhysicalIds,
} from '@greenscreen/model/directory';
import { type DrsServices } from '../drs-services.js';
import { issueAndBind } from './issue-certificate.js';
import { type JoinAdmission, type JoinAttempt, type JoinKind } from './join-attempt.js';
import { auditJoin } from './join-audit.js';
import { trustTypeOf } from './trust-type.js';

/** The authority that issues device certificates. */
export interface DeviceAuthority {
  readonly certificate: Buffer;
  readonly privateKey: KeyObject;
}

export interface CompletedJoin {
  readonly device: EntraDevice;
  /** DER. */
  readonly certificate: Buffer;
}

/** Everything that an admitted join brings about, in the transaction that admitted it (reference 02, 10.5 steps 6 to 8, and 15.1). */
export async function completeJoin(admission: JoinAdmission, authority: DeviceAuthority): Promise<CompletedJoin> {
  const { em, attempt, device: before } = admission;
  const { drs, tenant, user, csr, now } = attempt;
  const device = em.create(EntraDevice, { ...(before ?? newObject(drs, attempt)), ...joinedMembers(attempt, before) });
  if (before) await em.save(EntraDevice, device);
  else await em.insert(EntraDevice, device);
  if (user) await setDeviceUser(em, device.objectId, user.id, now);
  const order = { device, userId: user?.id, tenant, spki: csr.spki, authority, now };
  const certificate = await issueAndBind(em, order);
  await auditJoin(em, attempt, before, device);
  return { device, certificate };
}

function newObject({ random }: DrsServices, { tenant, now }: JoinAttempt): Partial<EntraDevice> {
  return {
    objectId: random.uuid(),
    deviceId: random.uuid(),
    tenantId: tenant.id,
    profileType: 'RegisteredDevice',
    physicalIds: [],
    isManaged: null,
    isCompliant: null,
    mdmAppId: null,
    enrollmentProfileName: null,
    createdAt: now,
  };
}

/** What each kind of join is in the object's life. */
const events: Readonly<Record<JoinKind, DeviceEvent>> = { user: 'userJoin', device: 'userlessJoin', hybrid: 'hybridJoin' };

/** What a join writes, on a new object and on one that was there. Owners and users are apart. */
function joinedMembers(attempt: JoinAttempt, before: EntraDevice | undefined): Partial<EntraDevice> {
  const { request, user, ticket, transportKey, now } = attempt;
  return {
    state: requireDeviceState(before?.state ?? 'none', events[attempt.kind]),
    accountEnabled: true,
    disabledBy: null,
    displayName: request.deviceDisplayName,
    operatingSystem: request.deviceType,
    operatingSystemVersion: request.osVersion,
    trustType: trustTypeOf(request.joinType),
    ...(request.attributes.sharedDevice ? { profileType: 'Shared' } : {}),
    physicalIds: withPhysicalIds(before?.physicalIds ?? [], [
      ...(ticket ? ticketEntries(ticket) : []),
      ...(ticket && user ? userTicketEntries(user.id, ticket) : []),
    ]),
    registrationDateTime: now,
    approximateLastSignInDateTime: now,
    transportKey: request.transportKey.text,
    transportKeySpki: spkiOf(transportKey),
    attestation: attestationOf(attempt),
    localUnjoinedAt: null,
  };
}

function attestationOf({ request, aik }: JoinAttempt): EntraDevice['attestation'] {
  const { aikCertificate, attestationData } = request;
  if (!aikCertificate && attestationData === undefined) return null;
  return {
    aikCertificate: aikCertificate?.toString('base64') ?? null,
    attestationData: attestationData ?? null,
    verified: aik !== undefined && attestationData !== undefined,
  };
}
