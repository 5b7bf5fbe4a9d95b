import { RunEntry } from './run-entry.entity.js';
import { ScenarioRun } from './scenario-run.entity.js';

export { RunEntry } from './run-entry.entity.js';
export { type RunDeviation, type RunVerdict, ScenarioRun } from './scenario-run.entity.js';

export const runEntities = [ScenarioRun, RunEntry];
