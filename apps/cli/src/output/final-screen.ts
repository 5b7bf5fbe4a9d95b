import { type RunResult } from '@greenscreen/scenarios/run';
import { type Style } from './style.js';
import { count, howLong } from './words.js';

const INNER = 74;

/** The page on which the device stands at the end: the green screen that a technician hopes for, or the red one. */
export function finalScreen(result: RunResult, style: Style): string[] {
  const good = result.outcome.screen === 'green' || result.outcome.screen === 'desktop';
  const paint = good ? (text: string) => style.bgGreen(style.black(text)) : (text: string) => style.bgRed(style.white(text));
  const middle = ['', title(result), '', ...facts(result, good), ''].map((text) =>
    paint(`│ ${text.slice(0, INNER - 2).padEnd(INNER - 2)} │`),
  );
  return [paint(`┌${'─'.repeat(INNER)}┐`), ...middle, paint(`└${'─'.repeat(INNER)}┘`)];
}

function title({ outcome }: RunResult): string {
  switch (outcome.screen) {
    case 'desktop':
      return '  ✔  Pre-provisioned, resealed, and handed to its user';
    case 'green':
      return '  ✔  Pre-provisioning succeeded: ready to be resealed';
    default:
      return `  ✘  ${outcome.screen.replace('-', ' ')}${outcome.hresult ? `  ${outcome.disposition === undefined ? outcome.hresult : `(${outcome.disposition}, ${outcome.hresult})`}` : ''}`;
  }
}

function facts(result: RunResult, good: boolean): string[] {
  const { outcome, tenant, serial, computerName, text, milliseconds, deviceMilliseconds, entries } = result;
  const requests = entries.filter(({ kind }) => kind === 'exchange' || kind === 'exchange-failed').length;
  const rows: [string, string][] = [
    ['Organization', tenant.initialDomain],
    ['Device', `${computerName} (serial number ${serial})`],
    ...(outcome.screen === 'desktop' ? [['User', outcome.variables['user.upn'] ?? ''] as [string, string]] : []),
    ...(!good && text ? [['Reason', text] as [string, string]] : []),
    ['Took', `${howLong(milliseconds)}, ${count(requests, 'request')}; on the device's clock ${howLong(deviceMilliseconds)}`],
  ];
  return rows.map(([name, value]) => `     ${name.padEnd(14)}${value}`);
}
