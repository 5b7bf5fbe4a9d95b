import { z } from 'zod';
import { type Route } from './routes.js';

type Schema = Readonly<Record<string, unknown>>;
/** Schemas that have a name of their own, to be had by it. */
type Definitions = Record<string, unknown>;
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

const text: Schema = { type: 'string' };
const failure = (description: string): object => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
});
const content = (type: string, schema: Schema): object => ({ content: { [type]: { schema } } });
const probe = z.object({ service: z.literal('control'), status: z.literal('ok') });
const readiness = z.object({ service: z.literal('control'), ready: z.boolean(), dependencies: z.record(z.string(), z.string()) });

/** Answered in front of the handlers. */
function probes(definitions: Definitions): Record<string, object> {
  const ready = content('application/json', schemaOf(readiness, 'output', definitions));
  const alive = content('application/json', schemaOf(probe, 'output', definitions));
  return {
    '/health': {
      get: {
        operationId: 'Health',
        tags: ['probes'],
        summary: 'Whether the process lives',
        responses: { 200: { description: 'It does', ...alive } },
      },
    },
    '/ready': {
      get: {
        operationId: 'Ready',
        tags: ['probes'],
        summary: 'Whether it can work, and what it lacks',
        responses: { 200: { description: 'It can', ...ready }, 503: { description: 'It cannot; the body says why', ...ready } },
      },
    },
  };
}

/** The OpenAPI 3.1 document of these routes. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  const definitions: Definitions = {};
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route, definitions);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Greenscreen control API',
      version,
      description: 'The lab’s own API: state, clock, faults and journal of a mock cloud.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(['probes', ...routes.map(({ group }) => group)])].map((name) => ({ name })),
    paths: { ...probes(definitions), ...paths },
    components: {
      schemas: {
        ...definitions,
        Failure: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['code', 'message'],
              properties: { code: text, message: text },
              additionalProperties: false,
            },
          },
          additionalProperties: false,
        },
      },
    },
  };
}

function operation(route: Route, definitions: Definitions): object {
  const { operation: operationId, group, parameters, query, headers, takesBody, description } = route;
  const { summary = words(operationId), body, query: filters } = description;
  const all: Parameter[] = [
    ...parameters.map((name): Parameter => ({ name, in: 'path', required: true, schema: text })),
    ...query.map((name): Parameter => ({ name, in: 'query', required: false, schema: text })),
    ...headers.map((name): Parameter => ({ name, in: 'header', required: false, schema: text })),
    ...(filters ? membersOf(filters) : []),
  ];
  const sent = content('application/json', body ? schemaOf(body, 'input', definitions) : {});
  return {
    operationId,
    tags: [group],
    summary,
    ...(all.length > 0 ? { parameters: all } : {}),
    ...(takesBody ? { requestBody: { required: false, ...sent } } : {}),
    responses: {
      ...answers(description, definitions),
      400: failure('The request is wrong; the message says where'),
      404: failure('There is no such thing'),
      default: failure('It cannot be done; the code says why'),
    },
  };
}

function answers({ answer, type, status, orNothing }: Route['description'], definitions: Definitions): Record<number, object> {
  const nothing = { 204: { description: 'Done' } };
  if (!answer && type === undefined) return nothing;
  const body = answer ? content('application/json', schemaOf(answer, 'output', definitions)) : content(type ?? '', text);
  return { [status ?? 200]: { description: 'Done', ...body }, ...(orNothing ? nothing : {}) };
}

function membersOf(query: z.ZodObject): Parameter[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema: schema as Schema }));
}

/** `input`: what may be sent, where members with a default are optional; `output`: what is answered. What has a name goes to the definitions. */
function schemaOf(type: z.ZodType, io: 'input' | 'output', definitions: Definitions): Schema {
  const text = JSON.stringify(z.toJSONSchema(type, { io, unrepresentable: 'any' })).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $defs = {}, ...schema } = JSON.parse(text) as Schema & { readonly $defs?: Definitions };
  const name = type.meta()?.id;
  for (const [key, definition] of Object.entries(name === undefined ? $defs : { ...$defs, [name]: schema }))
    definitions[key] = withoutNames(definition as Schema);
  return name === undefined ? withoutNames(schema) : { $ref: `#/components/schemas/${name}` };
}

/** A schema's own name, and that of its dialect, say nothing inside of a document. */
const withoutNames = (schema: Schema): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== 'id'));

/** `ListAikAuthorities` is "List aik authorities". */
const words = (name: string): string => name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
