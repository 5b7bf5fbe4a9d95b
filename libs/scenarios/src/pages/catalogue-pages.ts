import { phases, type Scenario } from '../format/index.js';
import { escaped, scenarioPage } from './scenario-page.js';

/** The pages of the catalogue by their file names: one a scenario, and `README.md`, which finds them by phase and by HRESULT. */
export function cataloguePages(scenarios: readonly Scenario[]): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', contents(scenarios)],
    ...scenarios.map((scenario) => [`${scenario.id}.md`, scenarioPage(scenario)] as const),
  ]);
}

function contents(scenarios: readonly Scenario[]): string {
  return `${[
    '# Scenarios',
    'One page a scenario, generated from the files of the catalogue: `npx greenscreen scenarios --pages docs/scenarios`. On the command line:',
    [
      '```sh',
      'npx greenscreen scenarios 0x80180014    # every cause of a code, and how to tell them apart',
      'npx greenscreen scenarios udr 204       # an event',
      'npx greenscreen scenarios attestation   # a phase',
      'npx greenscreen scenarios drs           # a service',
      'npx greenscreen replay mdm-two-apps     # see it happen',
      '```',
    ].join('\n'),
    "A file of one's own begins with `# yaml-language-server: $schema=…/libs/scenarios/scenario.schema.json`: editors then complete and check it.",
    '## By phase',
    ...byPhase(scenarios),
    '## By HRESULT',
    byCode(scenarios),
  ].join('\n\n')}\n`;
}

function byPhase(scenarios: readonly Scenario[]): string[] {
  const without = scenarios.filter(({ phase }) => phase === undefined);
  return [
    ...(without.length === 0 ? [] : [list(without)]),
    ...Object.entries(phases).flatMap(([name, title]) => {
      const found = scenarios.filter(({ phase }) => phase === name);
      return found.length === 0 ? [] : [`### ${title}`, list(found)];
    }),
  ];
}

const list = (found: readonly Scenario[]): string => found.map((scenario) => `- ${link(scenario)}: ${escaped(scenario.title)}`).join('\n');

function byCode(scenarios: readonly Scenario[]): string {
  const codes = [...new Set(scenarios.flatMap(({ expect }) => [expect.hresult ?? []].flat()))].sort();
  const rows = codes.map((code) => {
    const causes = scenarios.filter(({ expect }) => [expect.hresult].flat().includes(code));
    return `| \`${code}\` | ${causes.map((scenario) => `${link(scenario)}`).join(', ')} |`;
  });
  return ['| HRESULT | Scenarios |', '|---|---|', ...rows].join('\n');
}

const link = ({ id }: Scenario): string => `[${id}](${id}.md)`;
