import { type Expectation, type FlowStep } from '../format/index.js';

/** Where a file names no screen, the last phase of its flow has to end well (reference 05, C.1: "green everywhere"). */
export function withScreen(expected: Expectation, flow: readonly FlowStep[]): Expectation {
  const last = flow.findLast(
    (step) => step === 'technician' || step === 'user' || step === 'work-account' || (typeof step === 'object' && 'retry' in step),
  );
  const phase = typeof last === 'object' && 'retry' in last ? last.retry : last;
  const screen =
    expected.screen ?? (phase === 'user' || phase === 'work-account' ? 'desktop' : phase === 'technician' ? 'green' : undefined);
  return { ...expected, screen };
}
