/** A registry value: REG_SZ, REG_DWORD, or REG_BINARY. */
export type RegistryValue = string | number | Buffer;

/** The part of the registry that a deployment writes. Key paths compare without regard to case, as in Windows. */
export class Registry {
  private readonly keys = new Map<string, { path: string; values: Map<string, { name: string; value: RegistryValue }> }>();

  set(path: string, name: string, value: RegistryValue): void {
    const key = this.keys.get(path.toLowerCase()) ?? { path, values: new Map() };
    this.keys.set(path.toLowerCase(), key);
    key.values.set(name.toLowerCase(), { name, value });
  }

  get(path: string, name: string): RegistryValue | undefined {
    return this.keys.get(path.toLowerCase())?.values.get(name.toLowerCase())?.value;
  }

  deleteValue(path: string, name: string): void {
    this.keys.get(path.toLowerCase())?.values.delete(name.toLowerCase());
  }

  /** Names of a key's values, in the order in which they came. */
  names(path: string): string[] {
    return [...(this.keys.get(path.toLowerCase())?.values.values() ?? [])].map(({ name }) => name);
  }

  /** Removes a key with everything below it. */
  deleteKey(path: string): void {
    const prefix = path.toLowerCase();
    for (const key of this.keys.keys()) if (key === prefix || key.startsWith(`${prefix}\\`)) this.keys.delete(key);
  }

  /** Removes everything. */
  clear(): void {
    this.keys.clear();
  }

  /** Names of the keys directly below a path. */
  subkeys(path: string): string[] {
    const prefix = `${path.toLowerCase()}\\`;
    const names = [...this.keys.values()]
      .filter(({ path: own }) => own.toLowerCase().startsWith(prefix))
      .map(({ path: own }) => own.slice(prefix.length).split('\\')[0] ?? '');
    return [...new Set(names)];
  }

  /** Everything, for artefacts: `HKLM\…` → values. */
  dump(): Record<string, Record<string, string | number>> {
    return Object.fromEntries(
      [...this.keys.values()].map(({ path, values }) => [
        path,
        Object.fromEntries([...values.values()].map(({ name, value }) => [name, Buffer.isBuffer(value) ? value.toString('hex') : value])),
      ]),
    );
  }
}
