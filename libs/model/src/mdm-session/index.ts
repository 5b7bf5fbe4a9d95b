import { IntuneCompliancePolicy } from './compliance-policy.entity.js';
import { DmCommand } from './dm-command.entity.js';
import { DmNode } from './dm-node.entity.js';
import { DmProgress } from './dm-progress.entity.js';
import { DmSession } from './dm-session.entity.js';
import { IntuneApp } from './intune-app.entity.js';
import { IntunePolicy } from './intune-policy.entity.js';
import { IntuneScript } from './intune-script.entity.js';

export { assignManagement, type Assignments, newApp, type NewApp, newPolicy, type NewPolicy } from './assign.js';
export { IntuneCompliancePolicy } from './compliance-policy.entity.js';
export { addDefaultManagement } from './defaults.js';
export { type DeviceAction, deviceActions, queueDeviceAction } from './device-actions.js';
export * from './dm-command.entity.js';
export { DmNode } from './dm-node.entity.js';
export { DmProgress } from './dm-progress.entity.js';
export { DmSession, type PartialObject } from './dm-session.entity.js';
export { IntuneApp } from './intune-app.entity.js';
export * from './intune-assignment.js';
export { IntunePolicy } from './intune-policy.entity.js';
export { IntuneScript } from './intune-script.entity.js';
export { assignmentsByName, type NamedAssignment, type NamedGroup, putGroups, UnknownNameError } from './named-groups.js';
export * from './policy-profile.js';
export { type CommandOwner, dmCommand, type NewDmCommand, queueCommands } from './queue-commands.js';
export { type Assigned, type AssignedKind, type AssignmentSubject, whatApplies } from './what-applies.js';

export const mdmSessionEntities = [DmSession, DmCommand, DmNode, DmProgress, IntuneApp, IntunePolicy, IntuneCompliancePolicy, IntuneScript];
