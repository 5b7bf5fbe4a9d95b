import { type KeyObject } from 'node:crypto';
import { type Csr } from '@greenscreen/crypto/pkcs10';
import { type DeviceTicket, type VerifiedAik } from '@greenscreen/host/identity';
import { type AutopilotDevice } from '@greenscreen/model/autopilot';
import { type EntraDevice } from '@greenscreen/model/directory';
import { type DirectoryUser, type Tenant } from '@greenscreen/model/tenancy';
import { type JoinRequest } from '@greenscreen/wire/drs';
import { type AccessTokenClaims } from '@greenscreen/wire/oauth';
import { type EntityManager } from 'typeorm';
import { type DrsServices } from '../drs-services.js';

/** What came in. */
export interface JoinInput {
  /** `Authorization` header. */
  readonly authorization: string | undefined;
  /** Path with query. */
  readonly path: string;
  readonly body: Buffer;
}

/** Who vouches for a join: a user's token, the device's own, or the key of a synchronised computer. */
export type JoinKind = 'user' | 'device' | 'hybrid';

/** A request to join, as far as it has been checked. */
export class JoinAttempt {
  /** Told from the token, not from JoinType (reference 02, 10.3). */
  kind: JoinKind;
  /** The body's JSON value. */
  value: unknown;
  /** Undefined in a hybrid join. */
  claims: AccessTokenClaims | undefined;
  tenant: Tenant;
  /** The tenant's time. */
  now: Date;
  request: JoinRequest;
  csr: Csr;
  /** Public half of the transport key. */
  transportKey: KeyObject;
  /** The verified device ticket, when one came along. */
  ticket: DeviceTicket | undefined;
  /** The Autopilot registration behind token or ticket. */
  registration: AutopilotDevice | undefined;
  aik: VerifiedAik | undefined;
  /** Whose token it is; undefined in a userless join. */
  user: DirectoryUser | undefined;

  constructor(
    readonly drs: DrsServices,
    readonly input: JoinInput,
  ) {}
}

/** The same inside the transaction that decides on it. */
export class JoinAdmission {
  /** The object to be joined, locked; undefined when a new one is to be made. */
  device: EntraDevice | undefined;

  constructor(
    readonly attempt: JoinAttempt,
    readonly em: EntityManager,
  ) {}
}
