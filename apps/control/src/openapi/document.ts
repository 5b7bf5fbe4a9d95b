import { z } from 'zod';
import { type Route } from './routes.js';

type Schema = Readonly<Record<string, unknown>>;
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: Schema;
}

const text: Schema = { type: 'string' };
const failure = (description: string): object => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
});
/** Answered in front of the handlers. */
const probes: Readonly<Record<string, object>> = {
  '/health': {
    get: { operationId: 'Health', tags: ['probes'], summary: 'Whether the process lives', responses: { 200: { description: 'It does' } } },
  },
  '/ready': {
    get: {
      operationId: 'Ready',
      tags: ['probes'],
      summary: 'Whether it can work, and what it lacks',
      responses: { 200: { description: 'It can' }, 503: { description: 'It cannot; the body says why' } },
    },
  },
};

/** The OpenAPI 3.1 document of these routes. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Greenscreen control API',
      version,
      description: 'The lab’s own API: state, clock, faults and journal of a mock cloud.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(['probes', ...routes.map(({ group }) => group)])].map((name) => ({ name })),
    paths: { ...probes, ...paths },
    components: {
      schemas: {
        Failure: {
          type: 'object',
          required: ['error'],
          properties: { error: { type: 'object', required: ['code', 'message'], properties: { code: text, message: text } } },
        },
      },
    },
  };
}

function operation({ operation: operationId, group, parameters, query, takesBody, description }: Route): object {
  const { summary = words(operationId), body, query: filters, type = 'application/json' } = description;
  const all: Parameter[] = [
    ...parameters.map((name): Parameter => ({ name, in: 'path', required: true, schema: text })),
    ...query.map((name): Parameter => ({ name, in: 'query', required: false, schema: text })),
    ...(filters ? membersOf(filters) : []),
  ];
  return {
    operationId,
    tags: [group],
    summary,
    ...(all.length > 0 ? { parameters: all } : {}),
    ...(takesBody ? { requestBody: { required: false, content: { 'application/json': { schema: body ? schemaOf(body) : {} } } } } : {}),
    responses: {
      '2XX': { description: 'Done', content: { [type]: { schema: type === 'application/json' ? {} : text } } },
      400: failure('The request is wrong; the message says where'),
      404: failure('There is no such thing'),
    },
  };
}

function membersOf(query: z.ZodObject): Parameter[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema: schema as Schema }));
}

/** What may be sent: members with a default are optional. */
function schemaOf(type: z.ZodType): Schema {
  const schema = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'));
}

/** `ListAikAuthorities` is "List aik authorities". */
const words = (name: string): string => name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
