import { type AssignmentTarget, type IntuneAssignment } from '@greenscreen/model/mdm-session';

/** Graph's names for where an assignment may lead (reference 01, 3.5; `allLicensedUsersAssignmentTarget` [doc]). */
export const targetTypes = {
  group: '#microsoft.graph.groupAssignmentTarget',
  exclusionGroup: '#microsoft.graph.exclusionGroupAssignmentTarget',
  allDevices: '#microsoft.graph.allDevicesAssignmentTarget',
  allUsers: '#microsoft.graph.allLicensedUsersAssignmentTarget',
} as const satisfies Record<AssignmentTarget, string>;

/** Graph `deviceAndAppManagementAssignmentTarget`; there are no filters here. */
export const encodeTarget = ({ target, groupId }: Pick<IntuneAssignment, 'target' | 'groupId'>): Record<string, unknown> => ({
  '@odata.type': targetTypes[target],
  deviceAndAppManagementAssignmentFilterId: null,
  deviceAndAppManagementAssignmentFilterType: 'none',
  ...(groupId === null ? {} : { groupId }),
});

/** Ids of the groups that stand for everybody in ids of assignments [trace]. */
const everybody = { allUsers: 'acacacac-9df4-4c7d-9d50-4ef0226f57a9', allDevices: 'adadadad-808e-44e2-905a-0b7873a8a531' } as const;

/** Id of an assignment: its object's and its group's. */
export const assignmentId = (objectId: string, { target, groupId }: IntuneAssignment): string =>
  `${objectId}_${target === 'allUsers' || target === 'allDevices' ? everybody[target] : (groupId ?? '')}`;
