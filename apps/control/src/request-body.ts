import { Fault } from '@greenscreen/host/faults';
import { type z } from 'zod';

/** A JSON body that fits the schema; an empty body counts as `{}`. The error says which member is wrong. */
export function decodeBody<T extends z.ZodType>(schema: T, body: Buffer): z.infer<T> {
  let value: unknown;
  try {
    value = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw new Fault('control.BadRequest', { reason: 'The body is not JSON' });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const reason = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ');
  throw new Fault('control.BadRequest', { reason });
}
