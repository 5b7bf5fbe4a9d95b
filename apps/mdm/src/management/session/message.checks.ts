import { type Check } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { type Command, decodeSyncMessage, SyncMlError } from '@greenscreen/wire/syncml';
import { identifyEnrollment, MdmIdentityError, noteEnrollment } from '../../device-identity/index.js';
import { signedInUser } from '../receive/user-token.js';
import { type ManagementMessage } from './management-message.js';

/** The certificate alone says who speaks; `Source` is a name that every client chooses for itself (reference 04, 4.1; 06 D-B50). */
async function certificateIsOfALiveEnrollment(state: ManagementMessage): Promise<void> {
  const { mdm, received } = state;
  try {
    state.identity = await identifyEnrollment(mdm.em, received.presented, (tenantId) => mdm.clock.now(tenantId));
  } catch (error) {
    if (error instanceof MdmIdentityError) throw new Fault('omadm.Forbidden', {}, { cause: error });
    throw error;
  }
  noteEnrollment(state.identity.enrollment);
}

/** The binary form is in Windows' Accept list; nobody here reads it. Other types are read as XML whatever they say. */
export function bodyIsNotBinary({ received }: ManagementMessage): void {
  if (received.contentType?.toLowerCase().includes('wbxml')) throw new Fault('omadm.UnsupportedMediaType');
}

export function messageIsSyncMl(state: ManagementMessage): void {
  try {
    state.message = decodeSyncMessage(state.received.body);
  } catch (error) {
    if (error instanceof SyncMlError) throw new Fault('omadm.BadRequest', {}, { cause: error });
    throw error;
  }
}

/** Bytes of a node's canonical LocURI: more than any node of Windows has, and what an index takes [our choice]. */
const LONGEST_URI = 2048;

export function urisAreOfNodes({ message }: ManagementMessage): void {
  if (message.commands.some(hasLongUri)) throw new Fault('omadm.BadRequest');
}

function hasLongUri(command: Command): boolean {
  if ('commands' in command) return command.commands.some(hasLongUri);
  return command.items.some(({ target = '', source = '' }) => [target, source].some((uri) => canonicalUri(uri).length > LONGEST_URI));
}

/** Before the transaction, as far as other connections are needed for it. */
export async function contextIsKnown(state: ManagementMessage): Promise<void> {
  const { mdm, identity } = state;
  state.now = await mdm.clock.now(identity.tenant.id);
  state.tenant = identity.tenant;
  state.signedIn = await signedInUser(mdm, identity.enrollment, state.message);
}

export const messageChecks: readonly Check<ManagementMessage>[] = [
  certificateIsOfALiveEnrollment,
  bodyIsNotBinary,
  messageIsSyncMl,
  urisAreOfNodes,
  contextIsKnown,
];
