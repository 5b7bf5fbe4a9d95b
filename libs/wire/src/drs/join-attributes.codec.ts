import { type Members } from './members.js';

/** `attributes` of a join (reference 02, 10.1). Tickets are as login.live.com issued them (`t=…`). */
export interface JoinAttributes {
  /** Update an existing object of the same identity instead of making a second one. */
  readonly reuseDevice: boolean;
  /** Answer with `MembershipChanges`. */
  readonly returnClientSid: boolean;
  readonly sharedDevice: boolean;
  /** `MSA-DDID`: the ticket that selects a pre-created object beside a user's token. */
  readonly userJoinTicket?: string | undefined;
  /** `DDID`: the ticket of a userless join. */
  readonly deviceJoinTicket?: string | undefined;
  /** `MS-CV`, a correlation vector. */
  readonly correlationVector?: string | undefined;
}

/** Reads `attributes`; unknown ones are ignored. Throws DrsFormatError. */
export function decodeJoinAttributes(members: Members | undefined): JoinAttributes {
  return {
    reuseDevice: members?.flag('ReuseDevice') ?? false,
    returnClientSid: members?.flag('ReturnClientSid') ?? false,
    sharedDevice: members?.flag('SharedDevice') ?? false,
    userJoinTicket: ticketText(members?.text('MSA-DDID')),
    deviceJoinTicket: ticketText(members?.text('DDID')),
    correlationVector: members?.text('MS-CV'),
  };
}

/** A value that begins with `t=` is the ticket itself, any other is its base64 (reference 06, D-A14). */
function ticketText(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  return value.startsWith('t=') ? value : Buffer.from(value, 'base64').toString('latin1');
}

/** Switches as texts, tickets as base64, as Windows writes them. */
export function encodeJoinAttributes(attributes: JoinAttributes): Record<string, string> {
  const flag = (name: string, value: boolean): Record<string, string> => (value ? { [name]: 'true' } : {});
  const ticket = (name: string, value: string | undefined): Record<string, string> =>
    value === undefined ? {} : { [name]: Buffer.from(value, 'latin1').toString('base64') };
  return {
    ...flag('ReuseDevice', attributes.reuseDevice),
    ...flag('ReturnClientSid', attributes.returnClientSid),
    ...flag('SharedDevice', attributes.sharedDevice),
    ...ticket('MSA-DDID', attributes.userJoinTicket),
    ...ticket('DDID', attributes.deviceJoinTicket),
    ...(attributes.correlationVector === undefined ? {} : { 'MS-CV': attributes.correlationVector }),
  };
}
