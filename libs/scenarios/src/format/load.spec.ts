import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue, findScenario, findScenarios, loadScenario, parseScenario, ScenarioError } from './load.js';

const folder = mkdtempSync(join(tmpdir(), 'greenscreen-format-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const head = 'apiVersion: whiteglove.lab/v1\nid: some-case\n';
function file(text: string, name = 'case.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
/** The error's lines without the folder. */
function refusal(text: string): string[] {
  try {
    loadScenario(file(text));
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.replaceAll(`${folder}/`, '').split('\n');
    throw error;
  }
  return [];
}

describe('a scenario file', () => {
  it('needs an id and no more', () => {
    const scenario = loadScenario(file(head));
    expect(scenario.flow).toEqual(['register', 'technician', 'reseal', 'user']);
    expect(scenario.device.serial).toBe('LAB-0001');
    expect(scenario.seed).toBe(1);
  });

  it('durations become milliseconds', () => {
    expect(loadScenario(file(`${head}flow: [{wait: 95m}, {wait: 190d}, {wait: 450ms}]`)).flow).toEqual([
      { wait: 5_700_000 },
      { wait: 16_416_000_000 },
      { wait: 450 },
    ]);
  });

  // 05-52: each a distinct load error, with file and line.
  it.each([
    ['an unknown key', `${head}device:\n  tmp: {kind: discrete}\n`, ['case.yaml:4: device.tmp: there is no such key']],
    ['a wrong apiVersion', 'apiVersion: v2\nid: some-case\n', [expect.stringMatching(/^case\.yaml:1: apiVersion: /)]],
    ['no apiVersion', 'id: some-case\n', [expect.stringMatching(/^case\.yaml:1: apiVersion: /)]],
    ['an id that is not kebab-case', 'apiVersion: whiteglove.lab/v1\nid: Some_Case\n', ['case.yaml:2: id: is not kebab-case']],
    [
      'an unknown checkpoint',
      `${head}expect:\n  reached:\n    - joined\n    - jointed\n`,
      [expect.stringMatching(/^case\.yaml:6: expect\.reached\.1: /)],
    ],
    [
      'an unknown step',
      `${head}flow:\n  - register\n  - dance\n`,
      [
        'case.yaml:5: flow.1: is none of register, technician, reseal, user, work-account, enroll-only, {wait}, {reboot}, {mutate}, {retry}, {reset}, {clear_faults}, {graph}',
      ],
    ],
    [
      'two actions in one fault',
      `${head}faults:\n  - {service: drs, on: Join, action: {hold: true, connection: reset}}\n`,
      ['case.yaml:4: faults.0.action: does two things: hold and connection'],
    ],
    [
      'an operation that the service does not have',
      `${head}faults:\n  - {service: drs, on: Jion, action: {hold: true}}\n`,
      [expect.stringMatching(/^case\.yaml:4: faults\.0\.on: is none of drs's: /)],
    ],
    ['a parent that is not there', `${head}extends: nobody\n`, ['case.yaml:3: extends: there is no scenario "nobody"']],
    ['a key given twice', `${head}title: a\ntitle: b\n`, [expect.stringMatching(/^case\.yaml:4: .*unique/)]],
    ['broken YAML', `${head}flow: [register\n`, [expect.stringMatching(/^case\.yaml:\d+: /)]],
    [
      'two comparisons in one',
      `${head}expect:\n  cloud:\n    - {path: DEV.deviceId, value: 1, not: 2}\n`,
      ['case.yaml:5: expect.cloud.0: compares with exactly one of value, not, matches'],
    ],
    [
      'a pattern that is none',
      `${head}expect:\n  cloud:\n    - {path: X, matches: "("}\n`,
      ['case.yaml:5: expect.cloud.0.matches: is not a regular expression'],
    ],
    ['an HRESULT in capitals', `${head}expect: {hresult: "0x801C03F3"}\n`, [expect.stringMatching(/^case\.yaml:3: expect\.hresult: /)]],
    ['not a map', '- 1\n', [expect.stringMatching(/^case\.yaml:1: file: /)]],
  ])('%s is refused', (_, text, expected) => expect(refusal(text)).toEqual(expected));

  it('that does not exist is refused by name', () => {
    expect(() => loadScenario('nowhere.yaml')).toThrow('nowhere.yaml: there is no such file');
  });
});

describe('the catalogue', () => {
  it('every file loads, and is called after its id', () => {
    for (const id of catalogue()) expect(findScenario(id).id).toBe(id);
  });

  it('an unknown id is told with the known ones', () => {
    expect(() => findScenario('hapy')).toThrow(/There is no scenario "hapy"\. Known: .*happy-entra-preprovision/);
  });

  it('05-52: one id twice in a run is refused', () => {
    const copy = file('apiVersion: whiteglove.lab/v1\nid: happy-entra-preprovision\n', 'copy.yaml');
    expect(() => findScenarios(['happy-entra-preprovision', copy])).toThrow(
      'copy.yaml: the id "happy-entra-preprovision" is that of happy-entra-preprovision too',
    );
  });
});

describe('a scenario that is in no file', () => {
  it('is read as one in a file: YAML or JSON, with what it extends from the catalogue', () => {
    const text = `${head}extends: happy-entra-preprovision\nflow: [register]\n`;
    expect(parseScenario(text, 'order')).toEqual(loadScenario(file(text)));
    const json = JSON.stringify({
      apiVersion: 'whiteglove.lab/v1',
      id: 'some-case',
      extends: 'happy-entra-preprovision',
      flow: ['register'],
    });
    expect(parseScenario(json, 'order')).toEqual(parseScenario(text, 'order'));
  });

  it.each([
    ['an unknown key', `${head}flows: []\n`, /order:3: flows: there is no such key$/],
    ['a file beside the program', `${head}extends: case\n`, /order:3: extends: there is no scenario "case"$/],
    ['an alias that leads nowhere', `${head}title: *nowhere\n`, /order:1: .*nowhere/],
    ['text that is not YAML', '{', /order:\d+: /],
  ])('%s is refused with its place', (_what, text, message) => {
    file(`${head}title: beside\n`, 'case.yaml');
    const parse = (): unknown => parseScenario(text, join(folder, 'order'));
    expect(parse).toThrow(ScenarioError);
    expect(parse).toThrow(message);
  });

  it('nor does a small text become a large value', () => {
    const layers = Array.from(
      { length: 12 },
      (_, n) =>
        `l${n}: &l${n} [${
          n === 0
            ? 'x'
            : Array(9)
                .fill(`*l${n - 1}`)
                .join(', ')
        }]`,
    );
    expect(() => parseScenario(`${head}${layers.join('\n')}\n`, 'order')).toThrow(/^order:1: .*alias/i);
  });
});
