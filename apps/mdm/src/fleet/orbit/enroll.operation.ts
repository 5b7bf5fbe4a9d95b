import { type Check, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { FleetHost } from '@greenscreen/model/fleet';
import { decodeOrbitEnrollment, encodeOrbitEnrolled, type OrbitEnrollment } from '@greenscreen/wire/fleet';
import { type MdmServices } from '../../mdm-services.js';
import { hashOfNodeKey } from '../fleet-hosts.js';
import { FleetServer } from '../fleet-server.js';
import { orbitReply, readOrbit } from './orbit-request.js';

class Enrollment {
  server: FleetServer;
  host: OrbitEnrollment;

  constructor(
    readonly mdm: MdmServices,
    readonly body: Buffer,
  ) {}
}

async function serverIsKnown(state: Enrollment): Promise<void> {
  state.server = await FleetServer.ofRequest(state.mdm, 'fleet.UnknownServer');
}

function bodyIsReadable(state: Enrollment): void {
  state.host = readOrbit(state.body, decodeOrbitEnrollment);
}

function secretIsRight({ server, host }: Enrollment): void {
  if (host.enrollSecret !== server.enrollSecret) throw new Fault('fleet.EnrollFailed');
}

const enrollChecks: readonly Check<Enrollment>[] = [serverIsKnown, bodyIsReadable, secretIsRight];

/** `POST /api/fleet/orbit/enroll`: one record a piece of hardware; an agent that enrolls again gets a new key, the old one is no longer good. */
export async function orbitEnrollOperation(mdm: MdmServices, body: Buffer): Promise<Reply> {
  const state = new Enrollment(mdm, body);
  await runChecks(state, enrollChecks);
  const { server, host } = state;
  const nodeKey = mdm.random.token();
  const enrolledAt = await mdm.clock.now(server.tenant.id);
  await mdm.em.upsert(
    FleetHost,
    {
      tenantId: server.tenant.id,
      hardwareUuid: host.hardwareUuid.toLowerCase(),
      nodeKeyHash: hashOfNodeKey(nodeKey),
      hardwareSerial: host.hardwareSerial,
      hostname: host.hostname,
      platform: host.platform,
      computerName: host.computerName,
      hardwareModel: host.hardwareModel,
      enrolledAt,
    },
    ['tenantId', 'hardwareUuid'],
  );
  return orbitReply(encodeOrbitEnrolled(nodeKey));
}
