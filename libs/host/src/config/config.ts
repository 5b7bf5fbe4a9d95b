/** One setting: where it comes from, what it may be, and a sentence for the reference page. */
export interface Setting<T> {
  readonly text: string;
  readonly default: T;
  parse(value: string): T;
}

export type SettingTable = Readonly<Record<string, Setting<unknown>>>;
export type Settings<T extends SettingTable> = { readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never };

/** A setting has a value that it cannot have. Names the environment variable. */
export class ConfigError extends Error {
  constructor(
    readonly variable: string,
    reason: string,
  ) {
    super(`${variable}: ${reason}`);
    this.name = 'ConfigError';
  }
}

export const text = (fallback: string, description: string): Setting<string> => ({
  text: description,
  default: fallback,
  parse: (value) => value,
});
export const optionalText = (description: string): Setting<string | undefined> => ({
  text: description,
  default: undefined,
  parse: (value) => value,
});

export const integer = (fallback: number, description: string, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}): Setting<number> => ({
  text: description,
  default: fallback,
  parse: (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max)
      throw new RangeError(`"${value}" is not a whole number from ${min} to ${max}`);
    return number;
  },
});

export const port = (fallback: number, description: string): Setting<number> => integer(fallback, description, { max: 65535 });

export const flag = (fallback: boolean, description: string): Setting<boolean> => ({
  text: description,
  default: fallback,
  parse: (value) => {
    if (/^(1|true|yes|on)$/i.test(value)) return true;
    if (/^(0|false|no|off)$/i.test(value)) return false;
    throw new RangeError(`"${value}" is neither true nor false`);
  },
});

export const oneOf = <const V extends readonly string[]>(values: V, fallback: V[number], description: string): Setting<V[number]> => ({
  text: description,
  default: fallback,
  parse: (value) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw new RangeError(`"${value}" is not one of ${values.join(', ')}`);
    return found;
  },
});

/** `GREENSCREEN_<SECTION>_<KEY>`, e.g. `GREENSCREEN_GATEWAY_HTTP_PORT` for section `gateway`, key `httpPort`. */
export function variableName(section: string, key: string): string {
  const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
  return ['GREENSCREEN', ...(section ? [snake(section)] : []), snake(key)].join('_');
}

/** Reads a table from the environment once; a bad value stops the start and names its variable. */
export function readConfig<T extends SettingTable>(section: string, table: T, environment: NodeJS.ProcessEnv = process.env): Settings<T> {
  const values = Object.entries(table).map(([key, setting]) => {
    const variable = variableName(section, key);
    const given = environment[variable];
    if (given === undefined || given === '') return [key, setting.default];
    try {
      return [key, setting.parse(given)];
    } catch (error) {
      throw new ConfigError(variable, error instanceof Error ? error.message : String(error));
    }
  });
  return Object.fromEntries(values) as Settings<T>;
}
