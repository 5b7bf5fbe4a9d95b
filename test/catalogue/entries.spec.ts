import { catalogue, findScenario, phases, type Scenario } from '@greenscreen/scenarios/format';
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Entries of reference 05, section B. */
const ENTRIES = 109;
const MOST_LEFT_OUT = 5;

const scenarios = catalogue().map(findScenario);
const entries = Array.from({ length: ENTRIES }, (_, index) => index + 1);
const claimed = new Set(scenarios.map(({ catalogue: entry }) => entry));
const codesOf = ({ expect: { hresult } }: Scenario): string[] => [hresult ?? []].flat();

describe('the entries of the catalogue of failures', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'PARITY.md'), 'utf8');
  const [, section = ''] = page.split('## Entries of the catalogue of failures without a scenario');
  const leftOut = [...(section.split('\n## ')[0] ?? '').matchAll(/^- (\d+) `[\w-]+`: \S/gm)].map(([, number]) => Number(number));

  it('05-51 each have a file of their own, or a reason in PARITY.md why they have none', () => {
    expect(entries.filter((entry) => !claimed.has(entry))).toEqual(leftOut);
    expect(leftOut.length).toBeLessThanOrEqual(MOST_LEFT_OUT);
  });

  it('are all that files stand for, other than those where nothing goes wrong', () => {
    const without = scenarios.filter(({ catalogue: entry }) => entry === undefined);
    expect(without.filter(({ id }) => !id.startsWith('happy-'))).toEqual([]);
    expect(without.flatMap(({ faults, expect: { hresult } }) => [...faults, hresult]).every((entry) => entry === null)).toBe(true);
  });
});

describe.each(scenarios.filter(({ catalogue: entry }) => entry !== undefined))('$id', (scenario) => {
  it('says where it shows, what is seen, why, who decides, what helps, and where it is known from', () => {
    const { phase, title, symptom, cause, decider, remedy, sources } = scenario;
    expect(Object.keys(phases)).toContain(phase);
    for (const text of [title, symptom, cause, decider, remedy]) expect(text).toMatch(/\S/);
    expect(sources).not.toEqual([]);
  });

  it('expects a code, or none, and Windows events', () => {
    expect(scenario.expect.hresult).not.toBeUndefined();
    expect(scenario.expect.events.filter(({ absent }) => !absent)).not.toEqual([]);
  });

  it('is told apart from what shows the same code', () => {
    const codes = codesOf(scenario);
    const alike = scenarios.filter((other) => other !== scenario && codesOf(other).some((code) => codes.includes(code)));
    if (alike.length === 0) return;
    expect(scenario.tell_apart).toMatch(/\S/);
    expect(alike.map(({ tell_apart: other }) => other)).not.toContain(scenario.tell_apart);
  });
});
