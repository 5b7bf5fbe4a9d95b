import {
  decodeTokenFault,
  decodeTokenResponse,
  encodeTokenRequest,
  MSA_REQUEST_TYPE,
  msaAddresses,
  MsaMessageError,
  msaUserAgent,
  type ReceivedTokenFault,
} from '@greenscreen/wire/msa';
import { type DeviceResponse, hresultOfStatus, type Registry } from '../context/index.js';
import { type DeviceIdentity, type MsaContext } from './device-identity.js';
import { BAD_CREDENTIALS, httpOf, MsaError, REQUEST_EXPIRED, UNREADABLE } from './msa-error.js';

/** Whom a device ticket is for: the Autopilot profile service, or Entra's registration service. */
export type TicketTarget = 'ztd' | 'drs';

/** `MsaProviderData.SiteUrl` of DRS discovery (reference 06, D-A12 [trace]). */
const DRS_URL = 'https://enterpriseregistration.windows.net';
const ZTD_URL = 'https://ztd.dds.microsoft.com';
/** Registry value that names another address for the profile service's tickets (reference 01, 5.1). */
export const ticketUrlOverride = {
  key: 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotSettings',
  name: 'DdsZtdMsaTicketUri',
} as const;

/** Address that a ticket is asked for. An override that is no text is not used. */
export function ticketUrl({ registry }: { readonly registry: Registry }, target: TicketTarget): string {
  if (target === 'drs') return DRS_URL;
  const override = registry.get(ticketUrlOverride.key, ticketUrlOverride.name);
  return typeof override === 'string' && override !== '' ? override : ZTD_URL;
}

/**
 * A fresh device ticket (reference 01, 4.2), by name and password. A client whose clock is wrong learns the time from the refusal and asks once
 * more. Throws {@link MsaError} for a refusal, NetworkError when there was no answer.
 */
export async function requestDeviceTicket(context: MsaContext, identity: DeviceIdentity, target: TicketTarget): Promise<string> {
  const url = ticketUrl(context, target);
  const first = await ask(context, identity, url, context.clock.now());
  if (typeof first === 'string') return first;
  const second = first.reqstatus === REQUEST_EXPIRED && first.serverTime ? await ask(context, identity, url, first.serverTime) : first;
  if (typeof second === 'string') return second;
  throw new MsaError(second.reqstatus || BAD_CREDENTIALS, `No device ticket for ${url}: ${second.text}`, second.http);
}

/** wlidsvc's requests are good for five minutes. */
const LIFETIME_MS = 300_000;

async function ask(
  { network, traits }: MsaContext,
  { membername, password }: DeviceIdentity,
  url: string,
  created: Date,
): Promise<string | (ReceivedTokenFault & { readonly http: MsaError['http'] })> {
  const response = await network.http({
    service: 'msa',
    operation: 'DeviceTicket',
    method: 'POST',
    url: msaAddresses.token,
    headers: { 'Content-Type': MSA_REQUEST_TYPE, 'User-Agent': msaUserAgent(traits.osBuild) },
    body: encodeTokenRequest({
      messageId: String(Math.floor(created.getTime() / 1000)),
      credential: { kind: 'password', membername, password },
      created,
      expires: new Date(created.getTime() + LIFETIME_MS),
      addresses: [url],
    }),
  });
  const fault = decodeTokenFault(response.body);
  return fault ? { ...fault, http: httpOf(response) } : ticketOf(response);
}

function ticketOf(response: DeviceResponse): string {
  const { status, body } = response;
  if (status !== 200) throw new MsaError(hresultOfStatus(status), `HTTP ${status} instead of a device ticket`, httpOf(response));
  try {
    const [token] = decodeTokenResponse(body);
    if (token?.kind === 'compact') return token.text;
  } catch (error) {
    if (!(error instanceof MsaMessageError)) throw error;
  }
  throw new MsaError(UNREADABLE, 'The answer to the ticket request cannot be read');
}
