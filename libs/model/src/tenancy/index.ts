import { Application } from './application.entity.js';
import { DirectoryGroup, GroupMember } from './group.entity.js';
import { MdmApplication } from './mdm-application.entity.js';
import { TenantDomain } from './tenant-domain.entity.js';
import { Tenant } from './tenant.entity.js';
import { DirectoryUser } from './user.entity.js';

export { Application } from './application.entity.js';
export { DirectoryGroup, GroupMember } from './group.entity.js';
export { MdmApplication, intuneMdmApplication } from './mdm-application.entity.js';
export { mdmApplicationsOfDevice, mdmApplicationsOfUser } from './mdm-scope.js';
export { changeTenant, type MdmApplicationChange, type TenantChange, TenantChangeError } from './change-tenant.js';
export { hashPassword, verifyPassword } from './password.js';
export { TenantDomain } from './tenant-domain.entity.js';
export * from './tenant.entity.js';
export { findTenant, findTenantByDomain } from './tenant-lookup.js';
export { DirectoryUser } from './user.entity.js';

export const tenancyEntities = [Tenant, TenantDomain, DirectoryUser, DirectoryGroup, GroupMember, Application, MdmApplication];
