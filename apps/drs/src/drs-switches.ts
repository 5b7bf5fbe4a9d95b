import { switchOf, type Tenant } from '@greenscreen/model/tenancy';

/** `drs.deleteAutopilotDevice=refuse|clear`: what a DELETE does to an object with a ZTD id (design 4.1). */
export const deleteClearsAutopilotDevice = (tenant: Tenant): boolean =>
  switchOf<string>(tenant, 'drs.deleteAutopilotDevice', 'refuse') === 'clear';

/** `drs.enabledAfterClear`: whether an object that was cleared so is enabled (reference 02, 15.2). */
export const enabledAfterClear = (tenant: Tenant): boolean => switchOf(tenant, 'drs.enabledAfterClear', true);

/** `drs.userJoinOnDeletedObject=refuse|create`: a user's join of a registered device without its object (reference 06, D-A25). */
export const createsForDeletedObject = (tenant: Tenant): boolean =>
  switchOf<string>(tenant, 'drs.userJoinOnDeletedObject', 'refuse') === 'create';

/** `drs.attestationData=verify|store`: statements of userless joins; a client with Windows' own framing needs `store` (reference 02, 10.4). */
export const verifiesAttestationData = (tenant: Tenant): boolean => switchOf<string>(tenant, 'drs.attestationData', 'verify') !== 'store';
