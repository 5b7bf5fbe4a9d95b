import { type BrokenRun, type Report, type ReportedRun } from './json-report.js';

/** XML 1.0 takes no other control characters, whatever a message contains. */
const text = (value: string): string =>
  // eslint-disable-next-line no-control-regex -- the characters that XML forbids
  value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

/** A report in the JUnit XML that CI systems read: a test case a run. */
export function toJUnit(report: Report): string {
  const errors = report.runs.filter((run) => 'error' in run).length;
  const time = report.runs.reduce((sum, run) => sum + ('milliseconds' in run ? run.milliseconds : 0), 0);
  const totals = `tests="${report.runs.length}" failures="${report.failed - errors}" errors="${errors}" time="${seconds(time)}"`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="Greenscreen" ${totals}>\n` +
    `  <testsuite name="replay" ${totals}>\n${report.runs.map(testCase).join('')}  </testsuite>\n</testsuites>\n`
  );
}

function testCase(run: ReportedRun | BrokenRun): string {
  const name = `classname="greenscreen.replay" name="${text(`${run.scenario} ${run.serial}`)}"`;
  if ('error' in run)
    return `    <testcase ${name} time="0">\n      <error message="${text(run.error.split('\n')[0] ?? '')}">${text(run.error)}</error>\n    </testcase>\n`;
  const time = `time="${seconds(run.milliseconds)}"`;
  if (run.passed) return `    <testcase ${name} ${time}/>\n`;
  const lines = run.differences.map(({ what, expected, actual }) => `${what}: expected ${expected}, got ${actual}`);
  return `    <testcase ${name} ${time}>\n      <failure message="${text(lines[0] ?? '')}">${text(lines.join('\n'))}</failure>\n    </testcase>\n`;
}
