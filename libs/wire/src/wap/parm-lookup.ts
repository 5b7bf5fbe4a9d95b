import { type WapCharacteristic } from './characteristic.codec.js';
import { WapError, type WapProblem } from './error.js';

export const parmOf = ({ parms }: WapCharacteristic, name: string): string | undefined =>
  parms.find((candidate) => candidate.name === name)?.value;

export function requiredParm(owner: WapCharacteristic, name: string, problem: WapProblem): string {
  const value = parmOf(owner, name);
  if (value === undefined) throw new WapError(problem, `${owner.type} has no ${name}`);
  return value;
}
