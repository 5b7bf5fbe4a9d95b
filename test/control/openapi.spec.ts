import { Validator } from '@seriousme/openapi-schema-validator';
import { control } from '@greenscreen/control';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useCloud } from '../support/cloud.js';

interface Operation {
  readonly operationId: string;
  readonly parameters?: { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Record<string, unknown> } } };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const cloud = useCloud(control);
let document: Document;
beforeAll(async () => {
  document = (await cloud().request('http://127.0.0.1/openapi.json')).json() as Document;
});
const find = (id: string): Operation => {
  const found = Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .find(({ operationId }) => operationId === id);
  if (!found) throw new Error(`There is no operation ${id}`);
  return found;
};

/** A copy: the validator takes it apart. */
const asSpecification = (given: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(given)) as Record<string, unknown>;

describe('the description of the control API', () => {
  it('is valid OpenAPI 3.1, for a validator that nobody here wrote', async () => {
    expect(await new Validator().validate(asSpecification(document))).toEqual({ valid: true });
    const broken = { ...document, paths: { '/x': { get: { responses: 'none' } } } };
    expect((await new Validator().validate(asSpecification(broken))).valid).toBe(false);
  });

  it('names each operation once, and every address', () => {
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/health',
        '/ready',
        '/version',
        '/reset',
        '/snapshots/{name}',
        '/journal/{id}',
        '/faults/walk',
        '/forge/token',
      ]),
    );
  });

  it('says what a request has to look like: what it lets through, the API takes', async () => {
    const arm = find('ArmFault').requestBody?.content['application/json'].schema;
    expect(arm).toMatchObject({ type: 'object', required: ['service', 'action'], additionalProperties: false });
    const filters = find('ReadJournal').parameters?.map(({ name }) => name);
    expect(filters).toEqual(expect.arrayContaining(['tenant', 'device', 'run', 'service', 'operation', 'refused', 'limit']));
    expect(find('RestoreSnapshot').parameters).toEqual([{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }]);
    expect(
      find('ClearFaults')
        .parameters?.map(({ name }) => name)
        .sort(),
    ).toEqual(['id', 'run', 'tenant']);
    expect((await cloud().request('http://127.0.0.1/faults', { body: JSON.stringify({ service: 'sts' }) })).status).toBe(400);
  });
});
