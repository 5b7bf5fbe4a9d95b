/** States of an AIK request (reference 03, 2.16). `challenged` is the only one that an answer can move: there is one attempt. */
export type AikRequestState = 'challenged' | 'issued' | 'failed' | 'expired';

export type AikRequestEvent =
  /** The right secret came in time. */
  | 'answered'
  /** Another secret came. */
  | 'answeredWrongly'
  /** An answer came too late. */
  | 'answeredLate';

const transitions: Readonly<Record<AikRequestState, Readonly<Partial<Record<AikRequestEvent, AikRequestState>>>>> = {
  challenged: { answered: 'issued', answeredWrongly: 'failed', answeredLate: 'expired' },
  issued: {},
  failed: {},
  expired: {},
};

/** The state after an event; undefined when the request is answered already. */
export const nextAikRequestState = (state: AikRequestState, event: AikRequestEvent): AikRequestState | undefined =>
  transitions[state][event];
