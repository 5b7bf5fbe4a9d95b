import { refusalOf, type ServiceFault } from '../format/index.js';

export interface RuleScope {
  readonly run: string;
  readonly tenantId: string;
  readonly serial: string;
  readonly seed: number;
  readonly real: boolean;
}

const seconds = (milliseconds: number): number => Math.round(milliseconds / 1000);

/** A scenario's fault in the form that control takes (reference 05, C.4; 06, D-A70): for one run, with codes instead of templates. */
export function faultRule({ service, on, match, action, marked }: ServiceFault, { run, tenantId, serial, seed, real }: RuleScope): object {
  const { respond, delay, drip, token, ...rest } = action;
  return {
    run,
    tenant: tenantId,
    service,
    on,
    match: { ...match, ...((match.after ?? match.before) ? { serial } : {}), ...(match.probability === undefined ? {} : { seed }) },
    action: {
      ...rest,
      ...(respond ? { respond: responseOf(respond) } : {}),
      // In virtual time the device lets the delay pass when the answer says which fault has hit it.
      ...(delay === undefined ? {} : { delayMs: real ? delay : 0 }),
      ...(drip ? { drip: { bytes: drip.bytes, everyMs: drip.every } } : {}),
      ...(token
        ? {
            token: {
              ...token,
              ...(token.exp === undefined ? {} : { exp: seconds(token.exp) }),
              ...(token.nbf === undefined ? {} : { nbf: seconds(token.nbf) }),
            },
          }
        : {}),
    },
    marked,
  };
}

function responseOf({ template, args, ...given }: NonNullable<ServiceFault['action']['respond']>): object {
  return template === undefined ? given : { ...given, ...refusalOf(template, args) };
}
