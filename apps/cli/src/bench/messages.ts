import { z } from 'zod';

const ready = z.object({
  kind: z.literal('ready'),
  /** Since the process began. */
  milliseconds: z.number(),
  gatewayPort: z.number(),
  httpPort: z.number(),
  controlPort: z.number(),
});
const usage = z.object({
  kind: z.literal('usage'),
  privateKeyOperations: z.number(),
  cpuMilliseconds: z.number(),
  /** Bytes. */
  rss: z.number(),
});
const failed = z.object({ kind: z.literal('failed'), reason: z.string() });

/** What the cloud's process says to its parent. */
export const cloudMessage = z.discriminatedUnion('kind', [ready, usage, failed]);
export type CloudMessage = z.output<typeof cloudMessage>;
export type Ready = z.output<typeof ready>;
export type Usage = z.output<typeof usage>;
