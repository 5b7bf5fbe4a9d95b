import { performance } from 'node:perf_hooks';
import { exitCodes } from './exit-codes.js';

/** A terminal signals every process of a command line at once, and each passes it on: what comes this soon is the same keystroke. */
const ECHO_MS = 500;

/** Ctrl-C, or SIGTERM from whoever runs us: the first asks the command to come to an end, the second ends it on the spot. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Resolves when the command is asked to end. */
  readonly happened: Promise<void>;
  dispose(): void;
}

export function watchForInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController();
  const happened = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve(), { once: true }));
  let first = 0;
  const react = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - first > ECHO_MS) process.exit(exitCodes.interrupted);
      return;
    }
    first = performance.now();
    onFirst();
    controller.abort();
  };
  process.on('SIGINT', react);
  process.on('SIGTERM', react);
  return {
    signal: controller.signal,
    happened,
    dispose: () => {
      process.off('SIGINT', react);
      process.off('SIGTERM', react);
    },
  };
}
