import {
  encodeRemediationData,
  encodeRemediationRequest,
  type HardwareMismatch,
  ZTD_JSON,
  ZTD_ORIGIN,
  ztdPaths,
} from '@greenscreen/wire/ztd';
import { DeploymentError, hex, hresultOfStatus } from '../context/index.js';
import { CorrelationVector } from './correlation-vector.js';
import { type IdentitySource, profileTicket, type TimeSync } from './device-ticket.js';
import { overrideOf } from './override.js';
import { REMEDIATION_FILE } from './places.js';
import { type ProfileContext } from './profile-context.js';

export interface MismatchReport extends HardwareMismatch {
  readonly identity: IdentitySource;
  readonly timeSync?: TimeSync | undefined;
}

/** WEB_E_UNSUPPORTED_FORMAT: an address whose scheme nobody speaks. */
const UNKNOWN_SCHEME = 0x83750001;

/**
 * Tells the service that the hardware is no longer the registered one, as builds since July 2022 do after a 908 (reference 01, 5.6), and keeps
 * its answer. Returns the value that `./Vendor/MSFT/WindowsAutopilot/HardwareMismatchRemediationData` shows the MDM from then on. Throws
 * DeploymentError for a refusal or an address that cannot be used (event 711), NetworkError when there was no answer.
 */
export async function reportHardwareMismatch(context: ProfileContext, report: MismatchReport): Promise<string> {
  const url = overrideOf(context, 'DdsZtdMarkRemediationUri') ?? `${ZTD_ORIGIN}${ztdPaths.remediation}`;
  if (!/^https?:\/\//i.test(url)) {
    context.events.emit('autopilot', 711, { Url: url });
    throw new DeploymentError(UNKNOWN_SCHEME, `"${url}" is no address of the service`);
  }
  const ticket = await profileTicket(context, report.identity, report.timeSync);
  const response = await context.network.http({
    service: 'ztd',
    operation: 'MarkRemediation',
    method: 'PATCH',
    url,
    headers: { 'X-Device-Token': ticket, 'MS-CV': new CorrelationVector(context.random).increment(), 'Content-Type': ZTD_JSON },
    body: encodeRemediationRequest(report),
  });
  if (response.status !== 200) {
    const hresult = hresultOfStatus(response.status);
    context.events.emit('autopilot', 708, { HRESULT: hex(hresult), Body: response.text() });
    throw new DeploymentError(hresult, `HTTP ${response.status} to the report of a hardware mismatch`);
  }
  context.files.set(REMEDIATION_FILE, response.text());
  return encodeRemediationData(report);
}
