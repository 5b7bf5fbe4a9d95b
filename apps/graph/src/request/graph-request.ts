import { currentExchange, type Exchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type AuditInitiator } from '@greenscreen/model/audit';
import { type DirectoryChange } from '@greenscreen/model/directory';
import { switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { type AccessTokenClaims } from '@greenscreen/wire/oauth';
import { decodeQueryOptions, ODataError, type QueryOptions } from '@greenscreen/wire/graph';
import { type GraphServices } from '../graph-services.js';

export type GraphVersion = 'v1.0' | 'beta';

/** A request whose caller may make it. */
export class GraphRequest {
  readonly query: QueryOptions;

  constructor(
    readonly graph: GraphServices,
    readonly claims: AccessTokenClaims,
    readonly tenant: Tenant,
    /** In the tenant's time. */
    readonly now: Date,
    readonly exchange: Exchange = currentExchange(),
  ) {
    this.query = queryOf(exchange.path);
  }

  get version(): GraphVersion {
    return /^\/beta\//i.test(this.exchange.path) ? 'beta' : 'v1.0';
  }

  /** Where the client found us: links lead back there (reference 01, 3.1). */
  get origin(): string {
    return `https://${this.exchange.headers.host ?? this.exchange.host}`;
  }

  /** `@odata.context` of a resource. */
  context(resource: string): string {
    return `${this.origin}/${this.version}/$metadata#${resource}`;
  }

  /** A switch of the tenant, `graph.<key>`. */
  switch(key: string, fallback: number): number;
  switch(key: string, fallback: boolean): boolean;
  switch(key: string, fallback: number | boolean): number | boolean {
    return switchOf(this.tenant, `graph.${key}`, fallback);
  }

  /** For the directory's own operations, with the caller as the one who did it. */
  change(): DirectoryChange {
    return { random: this.graph.random, at: this.now, correlationId: this.exchange.traceId, initiatedBy: this.initiator() };
  }

  private initiator(): AuditInitiator {
    const { kind, oid = '', name, upn = '', appid } = this.claims;
    if (kind === 'user')
      return { kind, id: oid, displayName: name ?? upn, userPrincipalName: upn, ipAddress: this.exchange.remoteAddress || null };
    return { kind: 'app', appId: appid ?? null, displayName: name ?? appid ?? '', servicePrincipalId: oid || null };
  }
}

function queryOf(path: string): QueryOptions {
  try {
    return decodeQueryOptions(path.split(/\?(.*)/s)[1] ?? '');
  } catch (error) {
    if (error instanceof ODataError) throw new Fault('graph.BadQuery', { reason: error.message });
    throw error;
  }
}
