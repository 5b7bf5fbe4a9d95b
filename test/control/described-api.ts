import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Operation {
  readonly operationId: string;
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
type Described = Operation & { readonly method: string; readonly path: string };

export interface ApiRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | Buffer;
}

export interface ApiAnswer {
  readonly status: number;
  /** Media type. */
  readonly type: string;
  readonly bytes: Buffer;
  /** What a JSON answer says; undefined for others. */
  readonly value: unknown;
}

/** A client of the control API that knows of it what `/openapi.json` says, and holds every answer against that. */
export class DescribedApi {
  readonly operations: readonly Described[];
  /** Answers so far: `ReadClock 200`. */
  readonly seen = new Set<string>();
  private readonly schemas = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

  private constructor(
    private readonly base: string,
    document: Document,
  ) {
    this.schemas.addSchema(document, 'api');
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
    );
  }

  static async of(base: string): Promise<DescribedApi> {
    return new DescribedApi(base, (await (await fetch(`${base}/openapi.json`)).json()) as Document);
  }

  /** Sends what the description lets through, and throws when it does not have the answer: its status, its media type, each member of it. */
  async call(operationId: string, { path = {}, query = {}, headers = {}, body }: ApiRequest = {}): Promise<ApiAnswer> {
    const operation = this.find(operationId);
    const address = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
    const search = Object.keys(query).length > 0 ? `?${new URLSearchParams(query).toString()}` : '';
    const sent = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const response = await fetch(`${this.base}${address}${search}`, {
      method: operation.method.toUpperCase(),
      headers,
      ...(sent === undefined ? {} : { body: Buffer.isBuffer(sent) ? new Uint8Array(sent) : sent }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    const value: unknown = type === 'application/json' ? JSON.parse(bytes.toString('utf8')) : undefined;
    const answer = { status: response.status, type, bytes, value };
    // A request that is wrong on purpose need not fit.
    if (response.ok && operation.requestBody !== undefined && body !== undefined && !Buffer.isBuffer(body))
      this.check(`${operationId}, request`, this.validator(operation, ['requestBody', 'content', 'application/json', 'schema']), body);
    this.checkAnswer(operation, answer);
    return answer;
  }

  /** The schema of an operation's answer; undefined for one without JSON. */
  schemaOf(operationId: string, status: string): ValidateFunction | undefined {
    const operation = this.find(operationId);
    if (!operation.responses[status]?.content?.['application/json']) return undefined;
    return this.validator(operation, ['responses', status, 'content', 'application/json', 'schema']);
  }

  private checkAnswer(operation: Described, { status, type, bytes, value }: ApiAnswer): void {
    const { operationId, responses } = operation;
    const key = status in responses ? String(status) : status >= 400 ? 'default' : '';
    const described = responses[key];
    if (!described) throw new Error(`${operationId} is not described as answering ${status}: ${bytes.toString('utf8').slice(0, 300)}`);
    this.seen.add(`${operationId} ${key}`);
    const types = Object.keys(described.content ?? {});
    if (types.length === 0 ? bytes.length > 0 : !types.includes(type))
      throw new Error(`${operationId} ${status} is described as ${types.join() || 'nothing'}, not as ${type}`);
    const schema = this.schemaOf(operationId, key);
    if (schema) this.check(`${operationId} ${status}`, schema, value);
  }

  private check(what: string, validate: ValidateFunction, value: unknown): void {
    if (validate(value)) return;
    throw new Error(`${what}: ${this.schemas.errorsText(validate.errors)} in ${JSON.stringify(value).slice(0, 1000)}`);
  }

  private find(operationId: string): Described {
    const found = this.operations.find((operation) => operation.operationId === operationId);
    if (!found) throw new Error(`There is no operation ${operationId}`);
    return found;
  }

  /** By a JSON pointer into the document, where its references lead to other parts of it. */
  private validator({ path, method }: Described, rest: readonly string[]): ValidateFunction {
    const pointer = ['paths', path, method, ...rest].map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
    const $ref = `api#/${pointer.join('/')}`;
    return this.schemas.getSchema($ref) ?? this.schemas.compile({ $ref });
  }
}
