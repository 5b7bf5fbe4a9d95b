import { AutopilotDevice } from './autopilot-device.entity.js';
import { DeploymentEvent } from './deployment-event.entity.js';
import { DeploymentProfile, ProfileAssignment } from './deployment-profile.entity.js';

export * from './autopilot-device.entity.js';
export * from './deployment-event.js';
export * from './deployment-event.entity.js';
export * from './deployment-profile.entity.js';

export const autopilotEntities = [AutopilotDevice, DeploymentProfile, ProfileAssignment, DeploymentEvent];
