import { createHash } from 'node:crypto';
import { formatDrsTime } from './drs-time.js';
import { Members } from './members.js';

/** SID of the local Administrators group: the one that joins add members to. */
export const LOCAL_ADMINISTRATORS = 'S-1-5-32-544';

/** An answered join (reference 02, 10.6). */
export interface JoinResponse {
  /** The device certificate, DER. */
  readonly certificate: Buffer;
  /** User joins only. */
  readonly upn?: string | undefined;
  /** Joins of a pre-created object without a user only. */
  readonly responseStatus?: { readonly message: string; readonly traceId: string; readonly time: Date } | undefined;
  /** SIDs to add to {@link LOCAL_ADMINISTRATORS}; undefined when the client did not ask for them. */
  readonly addedSids?: readonly string[] | undefined;
}

/** The JSON value of a join's answer: one line of base64, upper-case thumbprint. */
export const encodeJoinResponse = ({ certificate, upn, responseStatus, addedSids }: JoinResponse): Record<string, unknown> => ({
  Certificate: {
    Thumbprint: createHash('sha1').update(certificate).digest('hex').toUpperCase(),
    RawBody: certificate.toString('base64'),
  },
  ...(upn === undefined ? {} : { User: { Upn: upn } }),
  ...(responseStatus === undefined
    ? {}
    : {
        ResponseStatus: {
          message: responseStatus.message,
          traceId: responseStatus.traceId,
          time: formatDrsTime(responseStatus.time),
        },
      }),
  ...(addedSids === undefined
    ? {}
    : { MembershipChanges: addedSids.length > 0 ? [{ LocalSID: LOCAL_ADMINISTRATORS, AddSIDs: addedSids }] : [] }),
});

/** What a device reads from a join's answer. */
export interface ReceivedJoin {
  /** As sent; whether it fits the certificate is for the device to see. */
  readonly thumbprint: string;
  /** DER, as far as the base64 went. */
  readonly certificate: Buffer;
  readonly upn: string | undefined;
  readonly addedSids: readonly string[];
}

/** Reads a join's answer; undefined when the value has no `Certificate`. */
export function decodeJoinResponse(value: unknown): ReceivedJoin | undefined {
  const members = Members.of(value);
  const certificate = Members.of(members?.get('Certificate'));
  const [thumbprint, body] = [certificate?.get('Thumbprint'), certificate?.get('RawBody')];
  if (typeof thumbprint !== 'string' || typeof body !== 'string') return undefined;
  const upn = Members.of(members?.get('User'))?.get('Upn');
  return {
    thumbprint,
    certificate: Buffer.from(body, 'base64'),
    upn: typeof upn === 'string' ? upn : undefined,
    addedSids: addedSidsOf(members?.get('MembershipChanges')),
  };
}

function addedSidsOf(changes: unknown): string[] {
  if (!Array.isArray(changes)) return [];
  return changes.flatMap((change: unknown) => {
    const sids = Members.of(change)?.get('AddSIDs');
    return Array.isArray(sids) ? sids.filter((sid): sid is string => typeof sid === 'string') : [];
  });
}
