import { Fault } from '@greenscreen/host/faults';
import { type FleetHost } from '@greenscreen/model/fleet';
import { type DirectoryUser } from '@greenscreen/model/tenancy';
import { decodeFleetToken, type FleetToken } from '@greenscreen/wire/fleet';
import { JsonFormatError } from '@greenscreen/wire/json';
import { type SoapMessage, tokenTypes } from '@greenscreen/wire/soap';
import { authenticateToken, credentialOf } from '../../enrollment/token/authenticate.js';
import { redeemEnrollmentToken } from '../../enrollment/token/enrollment-token.store.js';
import { type MdmServices } from '../../mdm-services.js';
import { findHost, isEligible } from '../fleet-hosts.js';
import { type FleetServer } from '../fleet-server.js';
import { unverifiedUser } from './unverified-token.js';

/** Who asks a Fleet server for policy or enrollment: a host through its agent, or a user. */
export interface FleetPrincipal {
  readonly host?: FleetHost;
  readonly user?: DirectoryUser;
}

/** Whom the security header stands for (reference 04, section 8; 06 D-B4, D-B5). */
export async function authenticateFleet(mdm: MdmServices, server: FleetServer, message: SoapMessage): Promise<FleetPrincipal> {
  const credential = credentialOf(message);
  if (credential.kind !== 'token') throw new Fault('mdm.InvalidSecurity');
  if (credential.valueType === tokenTypes.jwt) return { user: await userOfToken(mdm, server, credential.text) };
  if (credential.valueType !== tokenTypes.user) throw new Fault('mdm.InvalidSecurity');
  const token = readToken(credential.text);
  if (token.kind === 'programmatic') return { host: await eligibleHost(mdm, server, token.orbitNodeKey) };
  return { user: ofThisServer(server, (await redeemEnrollmentToken(mdm, token.authToken)).user) };
}

async function eligibleHost(mdm: MdmServices, server: FleetServer, nodeKey: string): Promise<FleetHost> {
  const host = await findHost(mdm.em, server, nodeKey);
  if (!host) throw new Fault('fleet.HostNotFound');
  if (!(await isEligible(mdm.em, server, host))) throw new Fault('fleet.HostNotEligible');
  return host;
}

/** Anybody may enroll a device at a server whose tenant has turned verification off: that is what the switch is for. */
async function userOfToken(mdm: MdmServices, server: FleetServer, token: string): Promise<DirectoryUser> {
  if (!server.verifiesTokens) return unverifiedUser(mdm, server, token);
  return ofThisServer(server, (await authenticateToken(mdm, token)).user);
}

function ofThisServer({ tenant }: FleetServer, user: DirectoryUser | undefined): DirectoryUser {
  if (user?.tenantId !== tenant.id) throw new Fault('mdm.Authentication');
  return user;
}

function readToken(text: string): FleetToken {
  try {
    return decodeFleetToken(text);
  } catch (error) {
    if (error instanceof JsonFormatError) throw new Fault('mdm.InvalidSecurity', {}, { cause: error });
    throw error;
  }
}
