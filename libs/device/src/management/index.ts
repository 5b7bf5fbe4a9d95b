export { DeviceManagement, type ManagementContext, type ManagementOptions } from './device-management.js';
export { type MsiResult } from './msi-jobs.js';
