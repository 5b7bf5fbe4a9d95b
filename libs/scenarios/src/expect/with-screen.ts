import { type Expectation, type FlowStep } from '../format/index.js';

/** How a phase ends when it ends well. */
const endings: Readonly<Record<string, 'green' | 'desktop'>> = {
  technician: 'green',
  user: 'desktop',
  'work-account': 'desktop',
  'enroll-only': 'desktop',
};

/** Where a file names no screen, the last phase of its flow has to end well (reference 05, C.1: "green everywhere"). */
export function withScreen(expected: Expectation, flow: readonly FlowStep[]): Expectation {
  const screens = flow.flatMap((step) => {
    const phase = typeof step === 'object' && 'retry' in step ? step.retry : step;
    return typeof phase === 'string' ? (endings[phase] ?? []) : [];
  });
  return { ...expected, screen: expected.screen ?? screens.at(-1) };
}
