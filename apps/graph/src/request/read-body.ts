import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { ODataError, parseRelaxedJson } from '@greenscreen/wire/graph';
import { type z } from 'zod';

/** The body of the request in hand, decoded; an empty one is `{}`, since actions are posted without (reference 01, 3.1). */
export function readBody<T>(schema: z.ZodType<T>): T {
  const text = currentExchange().body.toString('utf8');
  const result = schema.safeParse(text.trim() === '' ? {} : parse(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new Fault('graph.UnreadableBody', { reason: `Invalid value for '${where}': ${issue?.message ?? 'not understood'}.` });
}

function parse(text: string): unknown {
  try {
    return parseRelaxedJson(text);
  } catch (error) {
    if (error instanceof ODataError) throw new Fault('graph.UnreadableBody', { reason: error.message });
    throw error;
  }
}
