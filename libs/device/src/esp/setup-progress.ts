import { DeploymentError } from '../context/index.js';
import { type LineReading, type SetupReading } from './setup-lines.js';
import { type StatusPage } from './status-page.js';

type SetupCategory = 'DeviceSetup' | 'AccountSetup';

const names = ['SecurityPolicies', 'Certificates', 'NetworkConnections', 'Apps'] as const;

/** Shows the lines as they stand. */
export function showLines(page: StatusPage, category: SetupCategory, reading: SetupReading): void {
  for (const name of names) show(page, category, name, reading[name]);
}

/** Shows the lines; true when all are done. Throws DeploymentError with the code of a line that failed. */
export function finishLines(page: StatusPage, category: SetupCategory, reading: SetupReading): boolean {
  showLines(page, category, reading);
  for (const name of names) {
    const { state, text } = reading[name];
    if (state !== 'failed') continue;
    const code = Number(/0x[0-9a-f]{8}/.exec(text)?.[0] ?? NaN);
    throw new DeploymentError(Number.isNaN(code) ? 0x80004005 : code, `${name} ${text}`);
  }
  return names.every((name) => reading[name].state === 'succeeded');
}

const show = (page: StatusPage, category: SetupCategory, name: (typeof names)[number], { state, text }: LineReading): void =>
  page.set(`${category}.${name}`, state, text);
