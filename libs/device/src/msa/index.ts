export { addDevice, type DeviceIdentity, type MsaContext, updateIdentity } from './device-identity.js';
export { requestDeviceTicket, type TicketTarget, ticketUrl, ticketUrlOverride } from './device-ticket.js';
export { MsaError, serviceDisabled } from './msa-error.js';
