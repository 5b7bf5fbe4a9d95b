import { integer, readConfig, type Settings } from '@greenscreen/host/config';

/** `GREENSCREEN_CONTROL_<KEY>`. */
export const runSettings = {
  runsAtOnce: integer(2, 'Runs that a process of the control API plays at a time.', { min: 1, max: 64 }),
  runsWaiting: integer(100, 'Runs that may wait for their turn, over all processes.', { min: 1 }),
  runsKept: integer(200, 'Runs that are remembered when they are over; the journal keeps its exchanges apart from them.', { min: 1 }),
} as const;

export type RunSettings = Settings<typeof runSettings>;

/** Token of the {@link RunSettings}. */
export const RUN_SETTINGS = Symbol('run settings');

export const readRunSettings = (): RunSettings => readConfig('control', runSettings);
