/** The value at `DEV.registeredOwners[0].userPrincipalName`; `.length` counts, `MD.count` tells how many such records there are; undefined where the path leads nowhere. */
export function valueAt(records: unknown, path: string): unknown {
  const counted = /^(\w+)\.count$/.exec(path)?.[1];
  if (counted !== undefined) return valueAt(records, `counts.${counted}`);
  let value: unknown = records;
  for (const part of path.split(/[.[\]]+/).filter(Boolean)) {
    if (Array.isArray(value)) value = part === 'length' ? value.length : (value as unknown[])[Number(part)];
    else if (typeof value === 'object' && value !== null) value = (value as Record<string, unknown>)[part];
    else return undefined;
  }
  return value;
}

/** The same as text: what a template like `{{AP.id}}` becomes; undefined where the path leads nowhere. */
export function textAt(records: unknown, path: string): string | undefined {
  const value = valueAt(records, path);
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}
