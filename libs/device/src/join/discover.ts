import { decodeDiscovery, DrsFormatError } from '@greenscreen/wire/drs';
import { DeploymentError, type DeviceResponse, NetworkError } from '../context/index.js';
import { dsregErrors, errorData, jsonOf, refusalOf } from './drs-hresult.js';
import { callDrs } from './dsreg-call.js';
import { type DsregContext } from './dsreg-context.js';

/** Where the registration service of a tenant is; everything from its discovery answer. */
export interface RegistrationService {
  readonly joinEndpoint: string;
  readonly joinResourceId: string;
  readonly joinServiceVersion: string;
  readonly keyEndpoint: string;
  readonly keyResourceId: string;
  readonly keyServiceVersion: string;
  /** `OAuth2.TokenEndpoint` */
  readonly tokenEndpoint: string;
  /** `OAuth2.AuthCodeEndpoint` */
  readonly authorizationEndpoint: string;
  /** Lists the MDM applications; undefined where the service has none. */
  readonly managementEndpoint: string | undefined;
  /** Host that device tickets for the join are made out to (`MsaProviderData.SiteUrl`). */
  readonly msaSite: string | undefined;
  readonly tenantId: string | undefined;
  readonly tenantName: string | undefined;
}

/** The one name that Windows knows. */
const DISCOVERY = 'https://enterpriseregistration.windows.net';
const VERSION = '1.6';

/**
 * Finds the registration service of a domain (reference 05, T10): events 100 and 101, 200 or 201 when it fails. A refusal is a
 * DeploymentError; no answer at all stays a NetworkError.
 */
export async function discoverRegistration(context: DsregContext, domain: string): Promise<RegistrationService> {
  const { events, random } = context;
  const activityId = random.uuid();
  const response = await ask(context, domain, activityId);
  events.emit('udr', 100, { ActivityId: activityId, Domain: domain });
  try {
    const service = serviceOf(response);
    events.emit('udr', 101, { ActivityId: activityId, Response: response.text() });
    return service;
  } catch (error) {
    if (error instanceof DeploymentError) {
      const { status } = response;
      events.emit('udr', 201, { ActivityId: activityId, Status: status, Response: response.text(), ...errorData(error.hresult) });
    }
    throw error;
  }
}

async function ask(context: DsregContext, domain: string, activityId: string): Promise<DeviceResponse> {
  const url = `${DISCOVERY}/${encodeURIComponent(domain)}/discover?api-version=${VERSION}`;
  try {
    return await callDrs(context, { operation: 'Discover', method: 'GET', url, activityId });
  } catch (error) {
    // The connection stood but was not trusted or went silent: the answer is what failed (reference 05, 4).
    if (error instanceof NetworkError)
      context.events.emit('udr', error.hresult === 0x80072ee7 ? 200 : 201, { ActivityId: activityId, ...errorData(error.hresult) });
    throw error;
  }
}

function serviceOf(response: DeviceResponse): RegistrationService {
  if (response.status === 400 && response.text().includes('AADSTS90002'))
    throw new DeploymentError(dsregErrors.tenantNotFound, refusalOf(response).message);
  if (response.status !== 200) throw refusalOf(response);
  try {
    const found = decodeDiscovery(jsonOf(response));
    return {
      joinEndpoint: found.joinEndpoint,
      joinResourceId: found.joinResourceId,
      joinServiceVersion: found.joinServiceVersion,
      keyEndpoint: found.keyProvisionEndpoint,
      keyResourceId: found.keyProvisionResourceId,
      keyServiceVersion: found.keyProvisionServiceVersion,
      tokenEndpoint: found.tokenEndpoint,
      authorizationEndpoint: found.authorizationEndpoint,
      managementEndpoint: found.deviceManagementEndpoint,
      msaSite: found.msaSite,
      tenantId: found.tenantId,
      tenantName: found.tenantName,
    };
  } catch (error) {
    if (error instanceof DrsFormatError) throw new DeploymentError(dsregErrors.malformed, error.message, { cause: error });
    throw error;
  }
}
