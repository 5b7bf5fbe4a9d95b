import { asInteger, asOctets, decodeDer, DerError, int, octets } from '../der/index.js';
import { type Extension } from '../x509/index.js';
import { guidBytes, guidOf } from './guid.js';

/** Microsoft's extensions of an Intune device certificate (reference 04, 3.6, measured on a certificate of 2026). */
export const intuneOids = {
  deviceId: '1.2.840.113556.5.4',
  accountId: '1.2.840.113556.5.6',
  userId: '1.2.840.113556.5.10',
  opaqueId: '1.2.840.113556.5.11',
  tenantId: '1.2.840.113556.5.14',
  fifteen: '1.2.840.113556.5.15',
  enrollmentType: '1.2.840.113556.5.16',
  seventeen: '1.2.840.113556.5.17',
  eighteen: '1.2.840.113556.5.18',
  nineteen: '1.2.840.113556.5.19',
  flags: '1.2.840.113556.5.23',
  hash: '1.2.840.113556.5.24',
} as const;

/** What the extensions say; GUIDs in lower case. */
export interface IntuneIdentity {
  readonly deviceId: string;
  /** Intune account, not the tenant. */
  readonly accountId: string;
  /** Object id of the user; absent from certificates of device enrollments. */
  readonly userId?: string | undefined;
  /** Meaning unknown; random per device. */
  readonly opaqueId: string;
  readonly tenantId: string;
  readonly enrollmentType: number;
  /** 32 bytes, meaning unknown; SHA-256 of HWDevID [our choice]. */
  readonly hash: Buffer;
}

/** Values nobody has explained; constants of the measured certificate. */
const FIFTEEN = 2;
const SEVENTEEN = 14;
const EIGHTEEN = 1;
const NINETEEN = 0;
const FLAGS = Buffer.from('4000000000000110', 'hex');

const extension = (oid: string, value: Buffer): Extension => ({ oid, critical: false, value });
/** The extension's OCTET STRING holds another one: `04 10 …`. */
const wrapped = (oid: string, bytes: Buffer): Extension => extension(oid, octets(bytes));

/** In the order of their numbers; 5.4 alone carries its GUID bare. */
export function intuneExtensions(identity: IntuneIdentity): Extension[] {
  return [
    extension(intuneOids.deviceId, guidBytes(identity.deviceId)),
    wrapped(intuneOids.accountId, guidBytes(identity.accountId)),
    ...(identity.userId === undefined ? [] : [wrapped(intuneOids.userId, guidBytes(identity.userId))]),
    wrapped(intuneOids.opaqueId, guidBytes(identity.opaqueId)),
    wrapped(intuneOids.tenantId, guidBytes(identity.tenantId)),
    extension(intuneOids.fifteen, int(FIFTEEN)),
    extension(intuneOids.enrollmentType, int(identity.enrollmentType)),
    extension(intuneOids.seventeen, int(SEVENTEEN)),
    extension(intuneOids.eighteen, int(EIGHTEEN)),
    extension(intuneOids.nineteen, int(NINETEEN)),
    extension(intuneOids.flags, int(FLAGS)),
    wrapped(intuneOids.hash, identity.hash),
  ];
}

type Extensions = ReadonlyMap<string, { readonly value: Buffer }>;

/** Reads a GUID, bare or wrapped, as the public readers do; undefined when it is neither. */
export function readGuid(extensions: Extensions, oid: string): string | undefined {
  const value = extensions.get(oid)?.value;
  if (!value) return undefined;
  const bytes = value.length === 16 ? value : tryDecode(() => asOctets(decodeDer(value)));
  return bytes?.length === 16 ? guidOf(bytes) : undefined;
}

/** The enrollment type of extension 5.16. */
export function readEnrollmentType(extensions: Extensions): number | undefined {
  const value = extensions.get(intuneOids.enrollmentType)?.value;
  return value && tryDecode(() => asInteger(decodeDer(value)));
}

function tryDecode<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
