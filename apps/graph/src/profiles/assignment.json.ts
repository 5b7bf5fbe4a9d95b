import { type ProfileAssignment } from '@greenscreen/model/autopilot';
import { encodeTarget } from '../assignments/target.json.js';

/** Graph `windowsAutopilotDeploymentProfileAssignment`; direct assignments to devices are none of them. */
export function encodeAssignment({ id, target, targetId, profileId }: ProfileAssignment): Record<string, unknown> {
  const kind = target === 'device' ? 'group' : target;
  return {
    id,
    source: 'direct',
    sourceId: profileId,
    target: encodeTarget({ target: kind, groupId: kind === 'allDevices' ? null : targetId }),
  };
}
