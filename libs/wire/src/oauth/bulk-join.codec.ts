/** What a bulk join package is to be (reference 02, 8.4). */
export interface BulkJoinRequest {
  /** GUID of the package: part of its user's name. */
  readonly packageId: string;
  readonly name: string;
  /** Last day, UTC midnight. */
  readonly expiresAt: Date;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** `MM/dd/yyyy` */
const DAY = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

/** Reads the request's JSON value; undefined when it is none. */
export function decodeBulkJoinRequest(value: unknown): BulkJoinRequest | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, name, exp } = Object.fromEntries<unknown>(Object.entries(value));
  const [, month, day, year] = (typeof exp === 'string' && DAY.exec(exp)) || [];
  const expiresAt = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (typeof pid !== 'string' || !GUID.test(pid) || Number.isNaN(expiresAt.getTime())) return undefined;
  return { packageId: pid.toLowerCase(), name: typeof name === 'string' ? name : '', expiresAt };
}
