export { catalogue, findScenario, findScenarios, loadScenario, ScenarioError } from './load.js';
export { duration, type Expectation, type FlowStep, type Scenario, scenarioSchema } from './scenario.schema.js';
