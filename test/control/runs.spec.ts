import { type RunResult } from '@greenscreen/scenarios/run';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useLab } from '../support/lab.js';
import { commandOf } from './command.support.js';

const lab = useLab();
let green: RunResult;
let again: RunResult;
let troubled: RunResult;
beforeAll(async () => {
  green = await lab().replay();
  again = await lab().replay();
  troubled = await lab().replay({
    atCheckpoint: async (checkpoint, { run, tenant }) => {
      if (checkpoint !== 'joined') return;
      const respond = { status: 503, headers: { 'Retry-After': '5' } };
      await lab().control.arm({ run, tenant: tenant.id, service: 'mdm-enroll', on: 'RST', match: { nth: 1 }, action: { respond } });
    },
  });
}, 120_000);

const command = commandOf(lab);

describe('runs', () => {
  it('have a timeline: exchanges and checkpoints as they came', async () => {
    const { timeline, exchanges, faulted, refused, tenant } = await lab().control.runTimeline(green.run);
    const checkpoints = timeline.flatMap((step) => (step.kind === 'checkpoint' ? [step.checkpoint] : []));
    expect([checkpoints[0], checkpoints.at(-1), new Set(checkpoints).size]).toEqual(['imported', 'desktop', checkpoints.length]);
    expect(checkpoints).toEqual(expect.arrayContaining(['attested', 'joined', 'mdm_enrolled', 'unjoined', 'green', 'resealed', 'prt']));
    expect(timeline.filter(({ kind }) => kind === 'exchange')).toHaveLength(exchanges);
    expect({ faulted, refused, tenant }).toEqual({ faulted: 0, refused: 0, tenant: green.tenant.id });
    const at = (wanted: (step: (typeof timeline)[number]) => boolean): number => timeline.findIndex(wanted);
    const joining = at((step) => step.kind === 'exchange' && step.operation === 'Join');
    expect(at((step) => step.kind === 'checkpoint' && step.checkpoint === 'attested')).toBeLessThan(joining);
    expect(at((step) => step.kind === 'checkpoint' && step.checkpoint === 'joined')).toBeGreaterThan(joining);
    expect((await lab().control.runs()).map(({ run }) => run)).toEqual(expect.arrayContaining([green.run, troubled.run]));
  });

  it('that went alike do not differ; where they part is named', async () => {
    expect((await lab().control.runDifferences(green.run, again.run)).differences).toEqual([]);
    const { differences, b } = await lab().control.runDifferences(green.run, troubled.run);
    expect(b.faulted).toBe(1);
    const rst = differences.filter((one) => JSON.stringify(one).includes('"RST"'));
    expect(rst).toMatchObject([
      { kind: 'changed', a: { status: 200, fault: null }, b: { status: 503, fault: expect.any(String) }, members: ['status', 'fault'] },
      { kind: 'only', in: 'b', step: { status: 200, fault: null } },
    ]);
    await expect(lab().control.runDifferences(green.run, 'never-was')).rejects.toThrow('404');
  });

  it('are listed, shown and compared by the command', async () => {
    expect((await command('runs')).text).toContain(green.run);
    expect((await command('runs', 'show', green.run)).text).toMatch(/── attested\n[\s\S]*drs +Join[\s\S]*── joined/);
    expect(await command('runs', 'diff', green.run, again.run)).toEqual({ code: 0, text: 'The same steps with the same outcome.' });
    const { code, text } = await command('runs', 'diff', green.run, troubled.run);
    expect([code, text]).toEqual([1, expect.stringMatching(/\+ .*RST.*503.*\(status, fault\)/)]);
    expect((await command('runs', 'show', 'never-was')).code).toBe(2);
  });
});

describe('the commands for faults and snapshots', () => {
  it('arm from a file, list, walk and clear', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'greenscreen-faults-')), 'faults.yaml');
    writeFileSync(file, '- service: drs\n  on: Join\n  action: { respond: { status: 503 } }\n- { service: sts, action: { delayMs: 5 } }\n');
    const scope = ['--run', 'by-command'];
    expect(await command('faults', 'arm', file, ...scope)).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^Armed: fault \d+\nArmed: fault \d+$/),
    });
    expect((await command('faults', ...scope)).text).toMatch(/drs Join {2}\{"respond":\{"status":503\}\}.*seen 0, hit 0\n.*sts \*/);
    expect(
      (await command('faults', 'walk', green.run, '--step', '2', ...scope)).text.split('\n').filter((line) => line.includes('fault')),
    ).toHaveLength(1);
    expect((await command('faults', 'clear', ...scope)).code).toBe(0);
    expect((await command('faults', 'list', ...scope)).text).toBe('No fault is armed.');
    writeFileSync(file, 'nonsense');
    expect((await command('faults', 'arm', file, ...scope)).code).toBe(2);
  });

  it('take, list and drop snapshots', async () => {
    expect((await command('snapshot', 'take', 'by-command')).code).toBe(0);
    expect((await command('snapshot')).text).toMatch(/by-command +\d+ KiB/);
    expect((await command('snapshot', 'drop', 'by-command')).code).toBe(0);
    expect((await command('snapshot', 'restore', 'by-command')).code).toBe(2);
  });
});
