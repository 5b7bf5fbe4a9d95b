import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { graphJson } from '../graph-reply.js';
import { type GraphRequest } from '../request/graph-request.js';

const INTUNE_APP = '0000000a-0000-0000-c000-000000000000';
/** Intune's service principal has one id in each tenant; nobody here looks it up. */
const UNIT = 'https://fef.mock01.manage.microsoft.com';

/** Intune's services as its unit offers them; the enrollment address is the one that Discover answers (06 D-B20; case 04-63). */
const endpoints = [
  ['WindowsEnrollment', 'd83e7a1c-2a1b-4f4f-9d0e-0f54d52d2c01', `${UNIT}/StatelessEnrollmentService/DeviceEnrollment.svc`],
  ['IWService', 'd83e7a1c-2a1b-4f4f-9d0e-0f54d52d2c02', `${UNIT}/TrafficGateway/TrafficRoutingService/IWService/StatelessIWService`],
  ['TokenRenewalService', 'd83e7a1c-2a1b-4f4f-9d0e-0f54d52d2c03', `${UNIT}/TokenRenewalService/TokenRenewal.svc`],
  ['LinuxEnrollmentService', 'd83e7a1c-2a1b-4f4f-9d0e-0f54d52d2c04', `${UNIT}/LinuxMDM/LinuxEnrollmentService`],
  ['LinuxDeviceCheckinService', 'd83e7a1c-2a1b-4f4f-9d0e-0f54d52d2c05', `${UNIT}/LinuxMDM/LinuxDeviceCheckinService`],
] as const;

/** `servicePrincipals/appId=…/endpoints`: clients scan it by `providerName` (reference 02, 5.1). */
export async function listServiceEndpoints(request: GraphRequest, key: string): Promise<Reply> {
  const appId = key.replace(/^appId=/i, '').toLowerCase();
  if (appId !== INTUNE_APP) throw new Fault('graph.ResourceNotFound', { id: key });
  const value = endpoints.map(([providerName, id, uri]) => ({
    id,
    deletedDateTime: null,
    capability: providerName,
    providerId: INTUNE_APP,
    providerName,
    providerResourceId: null,
    uri,
  }));
  return graphJson(200, { '@odata.context': request.context(`servicePrincipals('${INTUNE_APP}')/endpoints`), value });
}
