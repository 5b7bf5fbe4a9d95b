import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { catalogue, findScenario, jsonSchema } from '../format/index.js';
import { cataloguePages, scenarioPage, signsOf } from './index.js';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const scenarios = catalogue().map(findScenario);

describe('the pages of the catalogue', () => {
  const folder = join(root, 'docs', 'scenarios');
  const made = cataloguePages(scenarios);

  it('are those in docs, no more and no less (npx greenscreen scenarios --pages docs/scenarios)', () => {
    expect(readdirSync(folder).sort()).toEqual([...made.keys()].sort());
  });

  it.each([...made.keys()])('%s is up to date', (name) => {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(made.get(name));
  });

  it('say what is seen, why, who decides, what helps and where it is known from', () => {
    const page = scenarioPage(findScenario('mdm-one-time-limit'));
    for (const part of ['## Symptom', '## Cause', '## Decided by', '## Fix', '## How to tell it apart', '## Sources', '0x80180014'])
      expect(page).toContain(part);
    expect(page).toContain('- Requests: mdm-enroll RST: 2, answered 200, 500');
  });

  it('find a scenario by its phase and by its code', () => {
    const contents = made.get('README.md');
    expect(contents).toMatch(/^\| `0x80180014` \| .*mdm-one-time-limit.*mdm-windows-blocked/m);
    expect(contents).toMatch(/### "Securing your hardware"\n\n(- .*\n)*- \[tpm-12\]/);
  });
});

describe('the signs of a scenario', () => {
  it('are its expectations in words', () => {
    expect(signsOf(findScenario('esp-win32-detection').expect)).toMatchObject({
      page: expect.arrayContaining(['Device setup: Apps: failed, "0x87d1041c"']),
      events: expect.arrayContaining(['autopilot 298 (Id a1)', 'no autopilot 296']),
      requests: ['content AppContent: 1, answered 200'],
    });
    expect(signsOf(findScenario('join-object-deleted').expect)).toMatchObject({
      requests: expect.arrayContaining(['mdm-discovery Discover: none']),
      records: ['MD is none', 'EVT.deploymentState is failure'],
    });
  });
});

describe('the JSON Schema for editors', () => {
  const file = join(root, 'libs', 'scenarios', 'scenario.schema.json');

  it('is up to date (npx greenscreen scenarios --schema libs/scenarios/scenario.schema.json)', () => {
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(jsonSchema())));
  });

  const schema = z.fromJSONSchema(jsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  const textOf = (id: string): string => readFileSync(join(root, 'libs', 'scenarios', 'catalogue', `${id}.yaml`), 'utf8');

  it.each(catalogue())('accepts %s, which names it for editors', (id) => {
    const text = textOf(id);
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../scenario.schema.json');
    expect(schema.safeParse(parse(text)).error?.issues ?? []).toEqual([]);
  });

  it.each([
    ['an unknown key', { flwo: ['register'] }],
    ['an unknown service', { faults: [{ service: 'dsr', on: 'Join', action: { hold: true } }] }],
    ['an unknown checkpoint', { expect: { reached: ['jointed'] } }],
    ['an HRESULT in capitals', { expect: { hresult: '0x801C03F3' } }],
    ['an unknown phase', { phase: 'attestatoin' }],
  ])('refuses %s', (_, member) => {
    const head = { apiVersion: 'whiteglove.lab/v1', id: 'some-case' };
    expect(schema.safeParse(head).success).toBe(true);
    expect(schema.safeParse({ ...head, ...member }).success).toBe(false);
  });
});
