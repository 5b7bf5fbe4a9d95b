export { createTenant, type IdSource, labRoles, type NewTenant, type NewUser } from './create-tenant.js';
export { contosolab, ensureContosolab, seedContosolab } from './contosolab.js';
