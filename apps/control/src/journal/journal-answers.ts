import { z } from 'zod';

/** An exchange without headers and bodies. */
const line = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  milliseconds: z.number(),
  service: z.string(),
  operation: z.string(),
  tenantId: z.guid().nullable(),
  deviceId: z.string().nullable(),
  serial: z.string().nullable(),
  run: z.string().nullable(),
  traceId: z.string(),
  method: z.string(),
  host: z.string(),
  path: z.string(),
  status: z.int(),
  refusal: z.string().nullable().describe('code of the fault that answered'),
  refusedBy: z.string().nullable().describe('name of the check that refused'),
  fault: z.string().nullable().describe('id of the fault that hit it'),
});

/** What bytes say, and what is wrapped in them. */
const view = z
  .object({
    kind: z.string(),
    value: z.unknown(),
    get parts() {
      return z.array(part).optional();
    },
  })
  .meta({ id: 'View' });
const part = z.object({ at: z.string(), view });

const headers = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const body = z.union([z.object({ text: z.string() }), z.object({ base64: z.base64() })]);

/** Answer of `GET /journal`. */
export const journalList = z.object({ entries: z.array(line) });

/** Answer of `GET /journal/{id}`. */
export const journalExchange = line.extend({
  requestHeaders: headers,
  request: body,
  responseHeaders: headers,
  response: body,
  decoded: z.object({
    query: view.optional(),
    request: view.optional(),
    response: view.optional(),
    requestHeaders: z.array(part),
    responseHeaders: z.array(part),
  }),
});
