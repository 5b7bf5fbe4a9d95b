export { textAt, valueAt } from './record-path.js';
export { type Difference, judge, type Outcome } from './verdict.js';
export { withScreen } from './with-screen.js';
