/** Keeps what `$select` names, in any case; without a selection everything stays. Annotations stay always. */
export function selected(entity: Readonly<Record<string, unknown>>, select: readonly string[]): Record<string, unknown> {
  if (select.length === 0 || select.includes('*')) return { ...entity };
  const wanted = new Set(select.map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(entity).filter(([name]) => name.startsWith('@') || wanted.has(name.toLowerCase())));
}
