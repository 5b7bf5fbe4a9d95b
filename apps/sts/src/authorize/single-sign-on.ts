import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type EntraDevice } from '@greenscreen/model/directory';
import { deviceChecks, DeviceSigned } from '../signed/device-signed.js';
import { sessionChecks, SessionSigned } from '../signed/session-signed.js';
import { readSigned, type SignedRequest } from '../signed/signed-request.js';
import { type StsServices } from '../sts-services.js';
import { type TenantSegment } from '../tenancy/tenant-segment.js';
import { type UserAuthentication } from '../tokens/authentication.js';
import { type SignIn } from '../tokens/sign-in-log.js';
import { cookieOf } from '../sign-in/session.store.js';

/** What single sign-on inputs of an authorize request come to (reference 02, 3.4). */
export type SingleSignOn =
  | { readonly kind: 'user'; readonly authentication: UserAuthentication }
  | { readonly kind: 'device'; readonly device: EntraDevice }
  /** The credential is fine but for its nonce: the client has to come back with a new one. */
  | { readonly kind: 'nonce' }
  | { readonly kind: 'nothing' };

const NOTHING: SingleSignOn = { kind: 'nothing' };

/** Looks at the PRT credential and, without a valid one, at the device credential. A bad one is ignored, never an error [MS-OAPXBC 3.2.5.2.1.3]. */
export async function singleSignOn(sts: StsServices, segment: TenantSegment, signIn: SignIn): Promise<SingleSignOn> {
  const prt = credential('x-ms-refreshtokencredential');
  const byPrt = prt ? await fromPrt(sts, prt, segment, signIn) : NOTHING;
  if (byPrt.kind !== 'nothing') return byPrt;
  const device = credential('x-ms-devicecredential');
  return device ? fromDevice(sts, device, segment, signIn) : NOTHING;
}

/** Header or cookie of that name; cookies may be numbered when several accounts exist. */
function credential(name: string): SignedRequest | undefined {
  const text = currentExchange().headers[name] ?? cookieOf(new RegExp(`^${name}\\d*$`, 'i'));
  if (text === undefined) return undefined;
  try {
    return readSigned(text);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

async function fromPrt(sts: StsServices, signed: SignedRequest, { tenant }: TenantSegment, signIn: SignIn): Promise<SingleSignOn> {
  const state = new SessionSigned(sts, signed, signIn, tenant);
  const outcome = await passes(sessionChecks, state);
  if (outcome !== 'passed') return { kind: outcome };
  const { user, device, prt } = state;
  const authentication = { tenant: state.tenant, user, device, amr: prt.amr, authenticatedAt: prt.authenticatedAt };
  return { kind: 'user', authentication };
}

async function fromDevice(sts: StsServices, signed: SignedRequest, segment: TenantSegment, signIn: SignIn): Promise<SingleSignOn> {
  const state = new DeviceSigned(sts, { segment, signIn }, signed);
  const outcome = await passes(deviceChecks, state);
  return outcome === 'passed' ? { kind: 'device', device: state.identity.device } : { kind: outcome };
}

async function passes<S>(checks: readonly ((state: S) => void | Promise<void>)[], state: S): Promise<'passed' | 'nonce' | 'nothing'> {
  try {
    for (const check of checks) await check(state);
    return 'passed';
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.code === 'sts.140000' ? 'nonce' : 'nothing';
  }
}
