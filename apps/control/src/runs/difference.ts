import { type TimelineStep } from './timeline.js';

/** Where two runs part: a step that only one has, or one that ended otherwise. */
export type RunDifference =
  | { readonly kind: 'only'; readonly in: 'a' | 'b'; readonly step: TimelineStep }
  | { readonly kind: 'changed'; readonly a: TimelineStep; readonly b: TimelineStep; readonly members: readonly string[] };

/** What both have to agree on; ids, times and addresses are each run's own. */
const compared = ['status', 'refusal', 'refusedBy'] as const;

/** Services of the management extension and of installers: they are at work beside the rest, and which comes first is chance. */
const BEHIND: readonly string[] = ['ime', 'content'];
const isBehind = (step: TimelineStep): boolean => step.kind === 'exchange' && BEHIND.includes(step.service);

/** Lays two timelines side by side, and names what differs, in order: first what the device waits for, then what goes on behind it. */
export function differencesOf(a: readonly TimelineStep[], b: readonly TimelineStep[]): RunDifference[] {
  const inFront = (steps: readonly TimelineStep[]): TimelineStep[] => steps.filter((step) => !isBehind(step));
  return [...between(inFront(a), inFront(b)), ...between(a.filter(isBehind), b.filter(isBehind))];
}

/** By their longest common sequence of steps. */
function between(a: readonly TimelineStep[], b: readonly TimelineStep[]): RunDifference[] {
  const lengths = commonLengths(a.map(keyOf), b.map(keyOf));
  const found: RunDifference[] = [];
  let [i, j] = [0, 0];
  for (let [left, right] = [a[i], b[j]]; left ?? right; [left, right] = [a[i], b[j]]) {
    if (left && right && keyOf(left) === keyOf(right)) {
      const members = changed(left, right);
      if (members.length > 0) found.push({ kind: 'changed', a: left, b: right, members });
      i += 1;
      j += 1;
    } else if (left && (!right || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      found.push({ kind: 'only', in: 'a', step: left });
      i += 1;
    } else if (right) {
      found.push({ kind: 'only', in: 'b', step: right });
      j += 1;
    }
  }
  return found;
}

const keyOf = (step: TimelineStep): string =>
  step.kind === 'checkpoint' ? `checkpoint ${step.checkpoint}` : `${step.service} ${step.operation} ${step.method} ${step.host}`;

const changed = (a: TimelineStep, b: TimelineStep): string[] => {
  if (a.kind === 'checkpoint' || b.kind === 'checkpoint') return [];
  const faulted = (a.fault === null) === (b.fault === null) ? [] : ['fault'];
  return [...compared.filter((member) => a[member] !== b[member]), ...faulted];
};

/** Length of the longest common sequence of what follows each pair of places. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const [row, below] = [lengths[i], lengths[i + 1]];
    if (!row || !below) continue;
    for (let j = b.length - 1; j >= 0; j -= 1) row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return lengths;
}
