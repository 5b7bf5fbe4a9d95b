import { type Expectation } from '@greenscreen/scenarios/format';

/** An expectation that something else is wrong with. */
export interface Mutant {
  readonly what: string;
  readonly expected: Expectation;
}

const ANOTHER_CODE = '0x8007beef';
/** No event of Windows has it. */
const ANOTHER_EVENT = 64_999;

/** Changes to an expectation, one at a time, of which each has to make a run fail that was as expected. */
export function mutantsOf(expected: Expectation): Mutant[] {
  return [...codeMutants(expected), ...eventMutants(expected)];
}

function codeMutants(expected: Expectation): Mutant[] {
  const mutants = [{ what: 'another HRESULT', expected: { ...expected, hresult: ANOTHER_CODE } }];
  if (expected.hresult === null) return mutants;
  return [...mutants, { what: 'no HRESULT', expected: { ...expected, hresult: null } }];
}

function eventMutants(expected: Expectation): Mutant[] {
  return expected.events.flatMap((event, index) => {
    const name = `${event.channel} ${event.id}`;
    const changed = (what: string, change: Partial<typeof event>): Mutant => ({
      what,
      expected: { ...expected, events: expected.events.with(index, { ...event, ...change }) },
    });
    if (event.absent) return [changed(`${name} present`, { absent: false })];
    const values = Object.keys(event.data ?? {});
    return [
      changed(`another event than ${name}`, { id: ANOTHER_EVENT }),
      changed(`no ${name}`, { absent: true }),
      ...values.map((value) => changed(`another ${value} in ${name}`, { data: { ...event.data, [value]: 'something else' } })),
      ...(event.count === undefined ? [] : [changed(`${name} once more`, { count: event.count + 1 })]),
    ];
  });
}
