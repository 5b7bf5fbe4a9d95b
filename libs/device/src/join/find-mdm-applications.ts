import { decodeMdmApplications, DrsFormatError, type MdmApplicationEntry } from '@greenscreen/wire/drs';
import { DeploymentError } from '../context/index.js';
import { type RegistrationService } from './discover.js';
import { dsregErrors, jsonOf, refusalOf } from './drs-hresult.js';
import { callDrs } from './dsreg-call.js';
import { type DsregContext } from './dsreg-context.js';

/** Not exactly one MDM application (reference 05, T12 [trace]). */
const NOT_ONE_MDM = 0x81036501;

/**
 * The MDM application that applies to this device (reference 05, T12; 06, D-B36). Windows wants exactly one: otherwise event 115 and
 * 0x81036501.
 */
export async function findMdmApplications(
  context: DsregContext,
  service: RegistrationService,
  token: string,
): Promise<MdmApplicationEntry> {
  const url = service.managementEndpoint;
  if (url === undefined) throw new DeploymentError(dsregErrors.malformed, 'The registration service lists no MDM applications');
  const response = await callDrs(context, { operation: 'MdmList', method: 'GET', url, activityId: context.random.uuid(), bearer: token });
  if (response.status !== 200) throw refusalOf(response);
  const applications = listOf(jsonOf(response));
  const [application] = applications;
  if (application && applications.length === 1) return application;
  context.events.emit('autopilot', 115, { Count: applications.length });
  throw new DeploymentError(NOT_ONE_MDM, `${applications.length} MDM applications apply to this device`);
}

function listOf(value: unknown): MdmApplicationEntry[] {
  try {
    return decodeMdmApplications(value);
  } catch (error) {
    if (error instanceof DrsFormatError) throw new DeploymentError(dsregErrors.malformed, error.message, { cause: error });
    throw error;
  }
}
