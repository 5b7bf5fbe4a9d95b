export { DeviceManagement, type ManagementContext, type ManagementOptions } from './device-management.js';
