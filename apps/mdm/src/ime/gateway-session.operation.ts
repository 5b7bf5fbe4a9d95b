import { type Check, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import {
  decodeGatewaySession,
  encodeGatewayAnswer,
  type GatewaySession,
  ImeCodecError,
  type RequestContentType,
  sessionIdOf,
} from '@greenscreen/wire/ime';
import { type MdmIdentity } from '../device-identity/index.js';
import { type MdmServices } from '../mdm-services.js';
import { agentOf } from './agent.js';
import { assignedScripts } from './assigned-scripts.js';
import { contentInfo } from './content-info.js';
import { selectedApps } from './selected-apps.js';

export interface GatewayRequest {
  /** Last segment of the path. */
  readonly segment: string;
  readonly body: Buffer;
  readonly presented: { readonly der: Buffer } | undefined;
}

class AgentSession {
  identity: MdmIdentity;
  session: GatewaySession;

  constructor(
    readonly mdm: MdmServices,
    readonly request: GatewayRequest,
  ) {}
}

function addressNamesASession({ request }: AgentSession): void {
  if (sessionIdOf(request.segment) === undefined) throw new Fault('ime.BadRequest');
}

async function certificateIsOfALiveEnrollment(state: AgentSession): Promise<void> {
  state.identity = await agentOf(state.mdm, state.request.presented);
}

function bodyIsASession(state: AgentSession): void {
  try {
    state.session = decodeGatewaySession(state.request.body.toString('utf8'));
  } catch (error) {
    if (error instanceof ImeCodecError) throw new Fault('ime.BadRequest', {}, { cause: error });
    throw error;
  }
}

const sessionChecks: readonly Check<AgentSession>[] = [addressNamesASession, certificateIsOfALiveEnrollment, bodyIsASession];

type Answerer = (mdm: MdmServices, identity: MdmIdentity, payload: string) => string | Promise<string>;

/** There are no remediations here: their list is empty. */
const nothing: Answerer = () => '[]';

const answerers: Readonly<Record<RequestContentType, Answerer>> = {
  PolicyRequest: assignedScripts,
  GetScript: nothing,
  GetSelectedApp: selectedApps,
  GetContentInfo: contentInfo,
};

const isAsked = (type: string): type is RequestContentType => Object.hasOwn(answerers, type);

/** `PUT …/SideCarGatewaySessions('<guid>')` (reference 04, 4.6): the object that came, answered. Reports get an empty answer. */
export async function gatewaySessionOperation(mdm: MdmServices, request: GatewayRequest): Promise<Reply> {
  const state = new AgentSession(mdm, request);
  await runChecks(state, sessionChecks);
  const { session, identity } = state;
  const { requestContentType: type, requestPayload } = session;
  const payload = isAsked(type) ? await answerers[type](mdm, identity, requestPayload) : '';
  return reply(200, 'application/json; charset=utf-8', encodeGatewayAnswer(session, payload));
}
