import { DeploymentError, hex, NetworkError } from '../context/index.js';
import { type DeviceIdentity, requestDeviceTicket, ticketUrl, ticketUrlOverride } from '../msa/index.js';
import { overrideOf } from './override.js';
import { type ProfileContext } from './profile-context.js';

/** Forces a time synchronisation; undefined when no time server answers. The network's trait, not the cloud's (06, D-A72). */
export type TimeSync = () => Promise<Date | undefined>;

/** The account at login.live.com, or the way to it, so that trouble on that way is the download's. */
export type IdentitySource = DeviceIdentity | (() => Promise<DeviceIdentity>);

/** ERROR_TIMEOUT: no time server answered. */
const NO_TIME = 0x800705b4;

/**
 * The ticket for the profile service. When TLS fails over a certificate's dates, Windows sets its clock and tries once more: events 750, then
 * 751 or 752 (reference 01, 4.2). A ticket that cannot be had is event 710. Throws MsaError or NetworkError.
 */
export async function profileTicket(context: ProfileContext, source: IdentitySource, timeSync: TimeSync | undefined): Promise<string> {
  overrideOf(context, ticketUrlOverride.name);
  const ask = async (): Promise<string> => requestDeviceTicket(context, typeof source === 'function' ? await source() : source, 'ztd');
  try {
    return await ask().catch(async (error: unknown) => {
      if (!isCertificateDate(error) || !(await synchronised(context, timeSync))) throw error;
      return ask();
    });
  } catch (error) {
    if (error instanceof DeploymentError || error instanceof NetworkError)
      context.events.emit('autopilot', 710, { HRESULT: hex(error.hresult), Url: ticketUrl(context, 'ztd') });
    throw error;
  }
}

async function synchronised({ events, clock }: ProfileContext, timeSync: TimeSync | undefined): Promise<boolean> {
  events.emit('autopilot', 750);
  const time = await timeSync?.();
  if (!time) {
    events.emit('autopilot', 752, { HRESULT: hex(NO_TIME) });
    return false;
  }
  clock.set(time);
  events.emit('autopilot', 751);
  return true;
}

const DATE_PROBLEMS = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

function isCertificateDate(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && DATE_PROBLEMS.includes(error.code)) return true;
  return isCertificateDate(error.cause);
}
