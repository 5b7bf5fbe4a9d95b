import { statusCode } from '@greenscreen/wire/syncml';
import { type ConfigurationServiceProvider } from './provider.js';

/** What user-scope nodes depend on. */
export interface UserContext {
  /** Whether the enrolled user is signed in and the user's management context exists. */
  ready: boolean;
  /** Writes to refuse although it exists: the context is still being built (06 D-B64 `userScope405`). */
  refusals: number;
}

/** `./User/…` answers 405 to writes until the user's context exists (reference 04, 4.4). Register it before other providers. */
export function userScopeGate(context: UserContext): ConfigurationServiceProvider {
  const refuse = (): number | undefined => {
    if (!context.ready) return statusCode.notAllowed;
    if (context.refusals === 0) return undefined;
    context.refusals -= 1;
    return statusCode.notAllowed;
  };
  return { root: './User', write: refuse, delete: refuse, exec: refuse };
}
