import { z } from 'zod';

const time = z.iso.datetime();
const runMembers = {
  run: z.string(),
  state: z
    .enum(['waiting', 'running', 'as-expected', 'different', 'failed', 'aborted', 'lost', 'recorded'])
    .describe('recorded: only the journal knows of it'),
  scenario: z.string().nullable(),
  title: z.string().nullable(),
  problem: z.string().nullable().describe('why it could not be played to its end'),
  screen: z.string().nullable(),
  hresult: z.string().nullable(),
  differences: z.array(z.object({ what: z.string(), expected: z.string(), actual: z.string() })),
  tenant: z.guid().nullable(),
  serial: z.string().nullable(),
  startedAt: time,
  endedAt: time.nullable().describe('null while it goes on'),
  exchanges: z.int(),
  refused: z.int(),
  faulted: z.int().describe('exchanges that a fault hit'),
};

/** A run in short. */
export const runAnswer = z.object(runMembers).meta({ id: 'Run' });
/** Answer of `GET /runs`. */
export const runList = z.object({ runs: z.array(runAnswer) });

const step = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('checkpoint'), at: time, checkpoint: z.string() }),
    z.object({
      kind: z.literal('exchange'),
      id: z.string(),
      at: time,
      service: z.string(),
      operation: z.string(),
      method: z.string(),
      host: z.string(),
      path: z.string(),
      status: z.int(),
      milliseconds: z.number(),
      refusal: z.string().nullable(),
      refusedBy: z.string().nullable(),
      fault: z.string().nullable(),
    }),
  ])
  .meta({ id: 'TimelineStep' });

/** Answer of `GET /runs/{run}/timeline`. */
export const timelineAnswer = z.object({ ...runMembers, timeline: z.array(step) });

/** Answer of `GET /runs/{run}/diff/{other}`. */
export const comparison = z.object({
  a: runAnswer,
  b: runAnswer,
  differences: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('only'), in: z.enum(['a', 'b']), step }),
      z.object({ kind: z.literal('changed'), a: step, b: step, members: z.array(z.string()) }),
    ]),
  ),
});

/** Answer of `GET /scenarios`. */
export const scenarioList = z.object({
  scenarios: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      phase: z.string().nullable().describe('where in a deployment it shows'),
      symptom: z.string().nullable(),
      tags: z.array(z.string()),
      serial: z.string(),
      alone: z.boolean().describe('it runs while nobody else does'),
    }),
  ),
});
