import { dmBatch, type NewDmCommand } from '@greenscreen/model/mdm-session';
import { scopeOf } from '@greenscreen/wire/dm-tree';
import { policyNodes } from '../../profiles/index.js';
import { type AssignedPolicy } from '../session/assigned-work.js';
import { type SessionWork } from '../session/session-work.js';
import { isDelivered, markDelivered, type Part, policyKey } from './delivered.js';

/** User nodes are the user's part, and so is everything that only the signed-in user brings along. */
const partOf = ({ via }: AssignedPolicy, uri: string): Part => (via === 'user' || scopeOf(uri) === 'user' ? 'user' : 'device');

/** The nodes of all policies that apply, as far as they belong to a part. */
export const policies = async (work: SessionWork, part: Part): Promise<NewDmCommand[]> =>
  commandsOf(work, part, await work.assigned.policies());

/** The same without what this device has had already in its present version. */
export async function newPolicies(work: SessionWork, part: Part): Promise<NewDmCommand[]> {
  const isNew = (assigned: { kind: string; id: string; version: number }): boolean =>
    assigned.kind === 'policy' && !isDelivered(work, policyKey(part, assigned.id), assigned.version);
  if (!(await work.assigned.all()).some(isNew)) return [];
  return commandsOf(work, part, (await work.assigned.policies()).filter(isNew));
}

function commandsOf(work: SessionWork, part: Part, assigned: readonly AssignedPolicy[]): NewDmCommand[] {
  return assigned.flatMap((one) => {
    markDelivered(work, policyKey(part, one.id), one.version);
    return policyNodes(one.policy)
      .filter(({ uri }) => partOf(one, uri) === part)
      .map((node): NewDmCommand => ({
        ...('exec' in node ? { verb: 'Exec', uri: node.uri } : { verb: 'Replace', uri: node.uri, format: node.format, data: node.value }),
        purpose: 'policy',
        ...(part === 'device' ? withinPass(work, one) : { batch: dmBatch.user }),
      }));
  });
}

/** All single settings of a pass in one Atomic, and each profile in one of its own: what fails takes the rest of its group along. */
const withinPass = ({ progress }: SessionWork, { policy }: AssignedPolicy): Pick<NewDmCommand, 'batch' | 'pass' | 'atomic'> => ({
  pass: progress.devicePasses,
  batch: dmBatch.policies,
  atomic: policy.profile === null ? `policies ${progress.devicePasses}` : `policy ${policy.id} ${progress.devicePasses}`,
});
