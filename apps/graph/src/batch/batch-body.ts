import { z } from 'zod';

/** Requests of one batch [doc: JSON batching]. */
export const MAX_REQUESTS = 20;

const batchedRequest = z.object({
  id: z.string().min(1),
  method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
  /** Relative to the version that the batch was sent to. */
  url: z.string().min(1),
  headers: z.record(z.string().regex(/^[\w-]+$/), z.string().regex(/^[\t -~]*$/)).default({}),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string()).default([]),
});
export type BatchedRequest = z.output<typeof batchedRequest>;

/** Each id once; what a request depends on stands before it. */
export const batchBody = z.object({ requests: z.array(batchedRequest).min(1).max(MAX_REQUESTS) }).superRefine(({ requests }, context) => {
  const seen = new Set<string>();
  for (const { id, dependsOn } of requests) {
    if (seen.has(id)) context.addIssue({ code: 'custom', message: `the id '${id}' stands twice` });
    for (const other of dependsOn)
      if (!seen.has(other)) context.addIssue({ code: 'custom', message: `'${id}' depends on '${other}', which does not stand before it` });
    seen.add(id);
  }
});
