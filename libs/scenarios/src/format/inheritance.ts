/** What a scenario takes from the one that it extends; expectations and fixes are never inherited (reference 05, C.1). */
const inherited = ['clock', 'device', 'tenant', 'flow', 'faults'] as const;

type Document = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is Document => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Something that cannot be merged; `path` leads to it in the child. */
export class InheritanceError extends Error {
  constructor(
    message: string,
    readonly path: readonly string[],
  ) {
    super(message);
    this.name = 'InheritanceError';
  }
}

/** The child with what the parent has beyond it. Throws {@link InheritanceError}. */
export function inherit(parent: Document, child: Document): Document {
  const merged: Record<string, unknown> = { ...child };
  for (const name of inherited) {
    if (!Object.hasOwn(child, name)) {
      if (Object.hasOwn(parent, name)) merged[name] = parent[name];
    } else if (child[name] === null) delete merged[name];
    else merged[name] = merge(parent[name], child[name], [name]);
  }
  return merged;
}

/** Maps merge, null takes away, everything else replaces. */
export function merge(parent: unknown, child: unknown, path: readonly string[] = []): unknown {
  if (!isMap(parent) || !isMap(child)) return child;
  const merged: Record<string, unknown> = { ...parent };
  for (const [name, value] of Object.entries(child)) {
    if (value !== null) merged[name] = merge(parent[name], value, [...path, name]);
    else if (Object.hasOwn(parent, name)) delete merged[name];
    else throw new InheritanceError('takes away what the extended scenario does not have', [...path, name]);
  }
  return merged;
}
