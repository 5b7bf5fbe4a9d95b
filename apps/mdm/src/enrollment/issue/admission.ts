import { type Csr } from '@greenscreen/crypto/pkcs10';
import { type AutopilotDevice, type DeploymentProfile } from '@greenscreen/model/autopilot';
import { type EntraDevice } from '@greenscreen/model/directory';
import { type EnrollmentType, type EnrollmentTypeNumber } from '@greenscreen/model/mdm-enrollment';
import { type DirectoryUser } from '@greenscreen/model/tenancy';
import { type SoapMessage } from '@greenscreen/wire/soap';
import { type ContextItems, type RequestSecurityToken } from '@greenscreen/wire/wstep';
import { type EntityManager } from 'typeorm';
import { type MdmServices } from '../../mdm-services.js';
import { type Principal } from '../token/principal.js';

/** A request for enrollment, as far as it has been checked. */
export class EnrollmentRequest {
  principal: Principal;
  context: ContextItems;
  csr: Csr;

  constructor(
    readonly mdm: MdmServices,
    readonly message: SoapMessage,
    readonly rst: RequestSecurityToken,
  ) {}
}

/** The same inside the transaction that decides on it. */
export class Admission {
  /** The directory object behind the token. */
  device: EntraDevice | undefined;
  type: EnrollmentTypeNumber;
  kind: EnrollmentType;
  /** The Autopilot registration behind `ZeroTouchProvisioning`, locked: the one-time gate is read and consumed together. */
  autopilot: AutopilotDevice | undefined;
  profile: DeploymentProfile | undefined;
  /** Whose licence and cap count: the token's user, else the registration's pre-assigned one. */
  liable: DirectoryUser | undefined;

  constructor(
    readonly request: EnrollmentRequest,
    readonly em: EntityManager,
    readonly now: Date,
  ) {}
}
