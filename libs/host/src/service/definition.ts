import { type DynamicModule, type Type } from '@nestjs/common';

/** A family of host names that a service answers for. */
export interface HostRule {
  /** Lower case. A `*` stands for exactly one label, as in a TLS certificate. */
  readonly pattern: string;
  /** Ask for a client certificate in the handshake; WinHTTP clients fail on a mere request where none is expected (design 4.10). */
  readonly clientCertificate?: boolean;
  /** Also served on the plain HTTP port (AIA, CRL and legacy addresses). */
  readonly plainHttp?: boolean;
}

/** A service: a set of real host names, and a Nest module that answers for them. */
export interface ServiceDefinition {
  readonly name: string;
  readonly hosts: readonly HostRule[];
  readonly module: Type | DynamicModule;
  /** Bytes; larger request bodies get 413 with an empty body. */
  readonly bodyLimit: number;
}

const escape = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** Matcher for lower-case host names without port. */
export function hostMatcher(rules: readonly HostRule[]): (host: string) => HostRule | undefined {
  const exact = new Map(rules.filter((rule) => !rule.pattern.includes('*')).map((rule) => [rule.pattern, rule]));
  const wild = rules
    .filter((rule) => rule.pattern.includes('*'))
    .map((rule) => ({ rule, expression: new RegExp(`^${escape(rule.pattern).replaceAll('*', '[^.]+')}$`) }));
  return (host) => exact.get(host) ?? wild.find(({ expression }) => expression.test(host))?.rule;
}
