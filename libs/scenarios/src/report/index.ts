export { type BrokenRun, type Report, type ReportedRun, toReport } from './json-report.js';
export { toJUnit } from './junit-report.js';
