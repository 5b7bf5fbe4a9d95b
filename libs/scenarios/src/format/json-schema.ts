import { z } from 'zod';
import { fault, faultShape } from './fault.schema.js';
import { operations, service } from './names.js';
import { phases } from './phases.js';
import { scenarioSchema } from './scenario.schema.js';

/** Names that code checks when a file is loaded, and that an editor completes from a list while it is written. */
const named: ReadonlyMap<unknown, readonly string[]> = new Map<unknown, readonly string[]>([
  [service, Object.keys(operations)],
  [scenarioSchema.shape.phase.unwrap(), Object.keys(phases)],
]);

/** JSON Schema (draft 2020-12) of a scenario file, for editors; looser than the loader where a schema cannot say what is wanted. */
export const jsonSchema = (): object => ({ title: 'Greenscreen scenario', ...described(scenarioSchema) });

function described(type: z.ZodType): object {
  return z.toJSONSchema(type, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: made }) => {
      // A fault is told apart by code before it is checked: its schema is that of what comes out.
      if (zodSchema === fault) Object.assign(made, { anyOf: faultShape.options.map((option) => withoutDialect(described(option))) });
      const names = named.get(zodSchema);
      if (names) Object.assign(made, { enum: names });
    },
  });
}

const withoutDialect = (schema: object): object => Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'));
