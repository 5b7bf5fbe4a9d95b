/** A node's value as SyncML carries it: text, and the format that says what it means. */
export interface NodeValue {
  readonly format: string;
  readonly data: string;
}

export type WriteVerb = 'Add' | 'Replace';

/**
 * A configuration service provider: rules for a part of the tree. Each function answers with a SyncML status, or undefined to leave the
 * matter to the generic tree. URIs are canonical.
 */
export interface ConfigurationServiceProvider {
  /** Canonical URI of the part that it looks after. */
  readonly root: string;
  /** A value that is computed rather than stored. */
  get?(uri: string): NodeValue | undefined;
  write?(uri: string, value: NodeValue, verb: WriteVerb): number | undefined;
  delete?(uri: string): number | undefined;
  exec?(uri: string, value: NodeValue | undefined): number | undefined;
  /** Told after a value has changed, whoever changed it. */
  changed?(uri: string, value: NodeValue | undefined): void;
}
