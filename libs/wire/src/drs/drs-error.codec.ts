import { formatDrsTime } from './drs-time.js';
import { Members } from './members.js';

/** A refusal of the registration service, before it takes one of its shapes (reference 02, 14.1). */
export interface DrsError {
  /** `AuthenticationError`, `DirectoryError`, … */
  readonly code: string;
  readonly subcode?: string | undefined;
  readonly message: string;
  readonly traceId: string;
  readonly time: Date;
}

/**
 * - `details`: `ErrorType`, `Message`, `TraceId`, `Time`: MS-DVRJ's ErrorDetails (shape A);
 * - `coded`: `Code`, `Subcode`, `Message`, `TraceId`, `Time`: the five traced members (shape B);
 * - `codedDetails`: both, for user joins of api-version 2.0 and later (reference 06, D-A33).
 */
export type DrsErrorShape = 'details' | 'coded' | 'codedDetails';

/** The JSON value of a refusal. `Subcode` is left out when there is none. No member is called `Certificate`: a client looks for that alone. */
export function encodeDrsError({ code, subcode, message, traceId, time }: DrsError, shape: DrsErrorShape): Record<string, unknown> {
  return {
    ...(shape === 'coded' ? {} : { ErrorType: code }),
    ...(shape === 'details' ? {} : { Code: code, ...(subcode === undefined ? {} : { Subcode: subcode }) }),
    Message: message,
    TraceId: traceId,
    Time: formatDrsTime(time),
  };
}

/** The refusal of a `DELETE`: shape A with the code in both spellings, since a public tool reads either (reference 06, D-A35). */
export const encodeDrsDeleteError = (error: DrsError): Record<string, unknown> => encodeDrsError(error, 'codedDetails');

/** A refusal of the key service: MS-KPP's members, and the nested ones that a public tool reads (reference 02, 13.3). */
export const encodeKeyError = ({ code, message, traceId, time }: DrsError): Record<string, unknown> => ({
  code,
  message,
  response: 'ERROR_FAIL',
  target: '',
  clientrequestid: traceId,
  time: formatDrsTime(time),
  innererror: { trace: 'null', context: 'null' },
  error: { code, message },
});

/** What a client makes of a refusal. */
export interface ReceivedDrsError {
  readonly code: string;
  readonly subcode: string | undefined;
  readonly message: string;
}

/** Reads a refusal of any shape, names in any case; undefined when the value is none. */
export function decodeDrsError(value: unknown): ReceivedDrsError | undefined {
  const members = Members.of(value);
  const source = Members.of(members?.get('error')) ?? members;
  const text = (name: string): string | undefined => {
    const member = source?.get(name);
    return typeof member === 'string' ? member : undefined;
  };
  const code = text('Code') ?? text('ErrorType');
  return code === undefined ? undefined : { code, subcode: text('Subcode'), message: text('Message') ?? '' };
}
