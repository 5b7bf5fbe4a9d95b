import { Fault } from '@greenscreen/host/faults';

/** `api-version` of a path with its query, without stray white space (reference 02, section 1 rule 3); undefined when there is none. */
export function apiVersionOf(path: string): string | undefined {
  const query = new URLSearchParams(path.split('?')[1] ?? '');
  for (const [name, value] of query) if (name.toLowerCase() === 'api-version') return value.trim();
  return undefined;
}

/** The version, when it is one of those that are served; InvalidParameter otherwise. */
export function requireApiVersion<V extends string>(path: string, served: readonly V[]): V {
  const wanted = apiVersionOf(path);
  const version = served.find((candidate) => candidate === wanted);
  if (!version) throw new Fault('drs.InvalidParameter', { member: 'api-version' });
  return version;
}
