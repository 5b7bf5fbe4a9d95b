import { Fault } from '@greenscreen/host/faults';
import { resources } from '@greenscreen/wire/oauth';

/** A v2 `scope`, taken apart. */
export interface RequestedScope {
  /** As it came. */
  readonly text: string;
  /** Identifier of the one resource that it names; undefined when it names only OpenID scopes. */
  readonly resource?: string;
  /** Permissions asked for by name; empty for `.default`. */
  readonly permissions: readonly string[];
  readonly openid: boolean;
  readonly offlineAccess: boolean;
  /** PRT requests ask for `aza` (reference 02, 7.1). */
  readonly aza: boolean;
}

const OPENID_SCOPES = new Set(['openid', 'profile', 'email', 'offline_access', 'aza', 'ugs', 'sid']);

/** `<resource>/<permission> openid …`; permissions without a resource are Microsoft Graph's. Two resources are AADSTS70011. */
export function parseScope(scope: string | undefined): RequestedScope {
  const words = (scope ?? '').split(/\s+/).filter(Boolean);
  const openId = new Set(words.map((word) => word.toLowerCase()).filter((word) => OPENID_SCOPES.has(word)));
  const wanted = words.filter((word) => !OPENID_SCOPES.has(word.toLowerCase())).map(splitPermission);
  const [first] = wanted;
  if (wanted.some(({ resource }) => resource.toLowerCase() !== first?.resource.toLowerCase()))
    throw new Fault('sts.70011', { scope: words.join(' ') });
  return {
    text: words.join(' '),
    ...(first ? { resource: first.resource } : {}),
    permissions: wanted.map(({ permission }) => permission).filter((permission) => permission !== '.default'),
    openid: openId.has('openid'),
    offlineAccess: openId.has('offline_access'),
    aza: openId.has('aza'),
  };
}

/** `https://r//.default` names `https://r/`: only the last slash separates. */
function splitPermission(word: string): { resource: string; permission: string } {
  const slash = word.lastIndexOf('/');
  return slash < 0
    ? { resource: resources.microsoftGraph[0], permission: word }
    : { resource: word.slice(0, slash), permission: word.slice(slash + 1) };
}
