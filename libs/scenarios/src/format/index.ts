export { catalogue, findScenario, loadScenario, ScenarioError } from './load.js';
export { type Expectation, type FlowStep, type Scenario, scenarioSchema } from './scenario.schema.js';
