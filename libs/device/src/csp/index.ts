export { deviceInformation } from './device-information.js';
export { dmClientIdentity, enrollmentKey, firstSyncMirror, firstSyncProvider } from './dm-client.js';
export { trackingKey, trackingMirror } from './enrollment-status-tracking.js';
export { MsiManagement, type QueuedMsiJob } from './msi-management.js';
export { type ConfigurationServiceProvider, type NodeValue, type WriteVerb } from './provider.js';
export { CspTree, type Reading } from './tree.js';
export { type UserContext, userScopeGate } from './user-scope.js';
