export { textAt } from './record-path.js';
export { type Difference, judge, type Outcome } from './verdict.js';
