/** Whom an administrator gives something to. Groups hold devices or users. */
export const assignmentTargets = ['allDevices', 'allUsers', 'group', 'exclusionGroup'] as const;
export type AssignmentTarget = (typeof assignmentTargets)[number];

/** Graph `installIntent` of an app; everything else is `required`. */
export const assignmentIntents = ['required', 'available', 'uninstall', 'availableWithoutEnrollment'] as const;
export type AssignmentIntent = (typeof assignmentIntents)[number];

export interface IntuneAssignment {
  target: AssignmentTarget;
  /** Object id; null for `allDevices` and `allUsers` (those with an Intune license). A group that is gone has no members. */
  groupId: string | null;
  intent: AssignmentIntent;
}

/** What an object has that was never assigned otherwise. */
export const toEveryDevice: readonly IntuneAssignment[] = [{ target: 'allDevices', groupId: null, intent: 'required' }];
