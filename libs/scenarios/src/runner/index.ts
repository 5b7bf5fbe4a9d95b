export { createRunner, type ScenarioSource } from './create-runner.js';
