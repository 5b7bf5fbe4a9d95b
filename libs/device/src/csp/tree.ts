import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { statusCode } from '@greenscreen/wire/syncml';
import { type ConfigurationServiceProvider, type NodeValue, type WriteVerb } from './provider.js';

/** Answer to a Get. */
export interface Reading {
  readonly code: number;
  readonly value?: NodeValue;
}

/**
 * The device's management tree. What no provider has a rule for is stored and read back: Add and Replace answer 200, an Add of a node that
 * is there 418, a Get of one that was never written 404 (06 D-B51).
 */
export class CspTree {
  private nodes = new Map<string, NodeValue>();
  private readonly providers: ConfigurationServiceProvider[] = [];

  register(...providers: readonly ConfigurationServiceProvider[]): void {
    this.providers.push(...providers);
  }

  /** Get as a server asks for it; an interior node answers with the names of its children, joined with `/`. */
  get(uri: string): Reading {
    const key = canonicalUri(uri);
    for (const provider of this.providersOf(key)) {
      const computed = provider.get?.(key);
      if (computed) return { code: statusCode.ok, value: computed };
    }
    const stored = this.nodes.get(key);
    if (stored) return { code: statusCode.ok, value: stored };
    const children = this.children(key);
    return children.length > 0
      ? { code: statusCode.ok, value: { format: 'node', data: children.join('/') } }
      : { code: statusCode.notFound };
  }

  /** Add or Replace as a server asks for it. */
  write(verb: WriteVerb, uri: string, value: NodeValue): number {
    const key = canonicalUri(uri);
    for (const provider of this.providersOf(key)) {
      const code = provider.write?.(key, value, verb);
      if (code !== undefined) return code;
    }
    if (verb === 'Add' && this.has(key)) return statusCode.alreadyExists;
    this.set(key, value);
    return statusCode.ok;
  }

  delete(uri: string): number {
    const key = canonicalUri(uri);
    for (const provider of this.providersOf(key)) {
      const code = provider.delete?.(key);
      if (code !== undefined) return code;
    }
    if (!this.has(key)) return statusCode.notFound;
    this.remove(key);
    return statusCode.ok;
  }

  exec(uri: string, value: NodeValue | undefined): number {
    const key = canonicalUri(uri);
    for (const provider of this.providersOf(key)) {
      const code = provider.exec?.(key, value);
      if (code !== undefined) return code;
    }
    return this.has(key) ? statusCode.notAllowed : statusCode.notFound;
  }

  /** A stored value, as a component of Windows reads it. */
  read(uri: string): string | undefined {
    return this.nodes.get(canonicalUri(uri))?.data;
  }

  /** Stores a value as a component of Windows does: without the rules that bind a server. */
  set(uri: string, value: NodeValue): void {
    const key = canonicalUri(uri);
    this.nodes.set(key, value);
    this.tell(key, value);
  }

  /** Removes a node and everything below it. */
  remove(uri: string): void {
    const key = canonicalUri(uri);
    for (const stored of [...this.nodes.keys()]) {
      if (stored !== key && !stored.startsWith(`${key}/`)) continue;
      this.nodes.delete(stored);
      this.tell(stored, undefined);
    }
  }

  has(uri: string): boolean {
    const key = canonicalUri(uri);
    return this.nodes.has(key) || this.children(key).length > 0;
  }

  /** Names of the nodes directly below, percent-encoded. */
  children(uri: string): string[] {
    const prefix = `${canonicalUri(uri)}/`;
    const names = [...this.nodes.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length).split('/')[0] ?? '');
    return [...new Set(names)];
  }

  /** Runs commands that succeed together or not at all; `undo` puts every stored value back as it was. */
  atomically<T>(work: (undo: () => void) => T): T {
    const before = new Map(this.nodes);
    return work(() => {
      const undone = this.nodes;
      this.nodes = before;
      for (const key of undone.keys()) if (!before.has(key)) this.tell(key, undefined);
      for (const [key, value] of before) if (undone.get(key) !== value) this.tell(key, value);
    });
  }

  /** Every stored node, for artefacts. */
  dump(): Record<string, string> {
    return Object.fromEntries([...this.nodes].map(([uri, { data }]) => [uri, data]));
  }

  private tell(key: string, value: NodeValue | undefined): void {
    for (const provider of this.providersOf(key)) provider.changed?.(key, value);
  }

  private providersOf(key: string): ConfigurationServiceProvider[] {
    return this.providers.filter(({ root }) => key === root || key.startsWith(`${root}/`));
  }
}
