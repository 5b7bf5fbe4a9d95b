import { type Check, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type FleetHost } from '@greenscreen/model/fleet';
import { decodeOrbitNodeKey, encodeOrbitConfig } from '@greenscreen/wire/fleet';
import { type MdmServices } from '../../mdm-services.js';
import { findHost, isEligible, isManaged } from '../fleet-hosts.js';
import { FleetServer } from '../fleet-server.js';
import { orbitReply, readOrbit } from './orbit-request.js';

class Question {
  server: FleetServer;
  host: FleetHost;

  constructor(
    readonly mdm: MdmServices,
    readonly body: Buffer,
  ) {}
}

async function serverIsKnown(state: Question): Promise<void> {
  state.server = await FleetServer.ofRequest(state.mdm, 'fleet.UnknownServer');
}

async function hostIsKnown(state: Question): Promise<void> {
  const host = await findHost(state.mdm.em, state.server, readOrbit(state.body, decodeOrbitNodeKey));
  if (!host) throw new Fault('fleet.UnknownNodeKey');
  state.host = host;
}

const configChecks: readonly Check<Question>[] = [serverIsKnown, hostIsKnown];

/** `POST /api/fleet/orbit/config`: whether the host has to enroll, or to leave. */
export async function orbitConfigOperation(mdm: MdmServices, body: Buffer): Promise<Reply> {
  const state = new Question(mdm, body);
  await runChecks(state, configChecks);
  const { server, host } = state;
  const discoveryEndpoint = (await isEligible(mdm.em, server, host)) ? server.url('discovery') : undefined;
  const unenroll = !server.managesWindows && (await isManaged(mdm.em, host));
  return orbitReply(encodeOrbitConfig({ discoveryEndpoint, unenroll }));
}
