import { type ProfileAssignment } from '@greenscreen/model/autopilot';

/** Graph's names for where an assignment may lead (reference 01, 3.5). */
export const targetTypes = {
  group: '#microsoft.graph.groupAssignmentTarget',
  exclusionGroup: '#microsoft.graph.exclusionGroupAssignmentTarget',
  allDevices: '#microsoft.graph.allDevicesAssignmentTarget',
} as const;
export type GroupTarget = keyof typeof targetTypes;

/** Graph `windowsAutopilotDeploymentProfileAssignment`; direct assignments to devices are none of them. */
export function encodeAssignment({ id, target, targetId, profileId }: ProfileAssignment): Record<string, unknown> {
  const type = target === 'device' ? targetTypes.group : targetTypes[target];
  return {
    id,
    source: 'direct',
    sourceId: profileId,
    target: {
      '@odata.type': type,
      deviceAndAppManagementAssignmentFilterId: null,
      deviceAndAppManagementAssignmentFilterType: 'none',
      ...(target === 'allDevices' ? {} : { groupId: targetId }),
    },
  };
}
