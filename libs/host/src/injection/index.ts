export { FaultRules, type NewFault } from './fault-rules.js';
export { type Injection } from './injection.js';
export { injectedDefect } from './injected-defect.js';
