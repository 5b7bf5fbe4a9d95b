import { AutopilotDevice } from './autopilot-device.entity.js';
import { AutopilotSettings } from './autopilot-settings.entity.js';
import { DeploymentEvent } from './deployment-event.entity.js';
import { DeploymentProfile, ProfileAssignment } from './deployment-profile.entity.js';
import { ImportedIdentity, ImportedIdentityUpload } from './imported-identity.entity.js';
import { GraphRequestCount } from './request-count.js';

export { applyAssignments, settleAssignments } from './apply-assignments.js';
export { type AssignmentPlan, loadAssignmentPlan } from './assignment-plan.js';
export * from './autopilot-device.entity.js';
export * from './autopilot-settings.entity.js';
export * from './dds-error.js';
export { deleteDueRegistrations, deleteRegistration } from './delete-registration.js';
export * from './deployment-event.js';
export * from './deployment-event.entity.js';
export * from './deployment-profile.entity.js';
export * from './import-status.js';
export * from './imported-identity.entity.js';
export * from './register-devices.js';
export { countRequest, GraphRequestCount } from './request-count.js';
export { mirrorGroupTag } from './tag-device.js';
export { dueAssignments, dueDeletions, dueImports } from './waiting.js';

export const autopilotEntities = [
  AutopilotDevice,
  DeploymentProfile,
  ProfileAssignment,
  DeploymentEvent,
  ImportedIdentity,
  ImportedIdentityUpload,
  AutopilotSettings,
  GraphRequestCount,
];
