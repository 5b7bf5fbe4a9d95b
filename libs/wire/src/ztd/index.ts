export * from './addresses.js';
export { decodeAutopilotProfile, encodeAutopilotProfile, parseProfileDocument } from './autopilot-profile.codec.js';
export * from './autopilot-profile.js';
export { encodeAadServerData, encodeOfflineProfile, type OfflineProfile } from './offline-profile.codec.js';
export * from './oobe-config.js';
export * from './profile-request.codec.js';
export * from './remediation.codec.js';
export * from './service-error.codec.js';
