export { permittedSubtrees, tlsRoot } from './tls.js';
export { msOrganizationAccess, msOrganizationAccessName, msOrganizationAccessNameDer, msOrganizationP2pAccess } from './entra.js';
export { msaTicket, stsSigning } from './tokens.js';
export { intuneMdmDeviceCa, intuneRoot } from './intune.js';
