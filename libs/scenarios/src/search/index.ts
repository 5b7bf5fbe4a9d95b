export { type Finding, searchScenarios } from './search.js';
