import { Fault } from '@greenscreen/host/faults';
import { z } from 'zod';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** One record as clients post it; the posted `state`, ids and annotations are ignored (reference 01, 3.2). */
export const importedIdentityBody = z
  .object({
    groupTag: text,
    /** Older name of `groupTag`. */
    orderIdentifier: text,
    serialNumber: text,
    productKey: text,
    importId: text,
    hardwareIdentifier: text,
    assignedUserPrincipalName: text,
  })
  .transform(({ orderIdentifier, ...body }) => ({ ...body, groupTag: body.groupTag || orderIdentifier }));
export type ImportedIdentityBody = z.output<typeof importedIdentityBody>;

/** At most as many records as a CSV file may have rows. */
const MAX_BATCH = 500;

/** Parameter of the `import` action. */
export const importBatchBody = z.object({ importedWindowsAutopilotDeviceIdentities: z.array(importedIdentityBody).max(MAX_BATCH) });

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Edm.Binary is base64 with its padding, which devices leave out (reference 01, 1.1). */
export function hardwareIdentifierIsBinary({ hardwareIdentifier }: Pick<ImportedIdentityBody, 'hardwareIdentifier'>): void {
  if (!BASE64.test(hardwareIdentifier)) throw new Fault('graph.EdmBinary', { literal: hardwareIdentifier });
}
