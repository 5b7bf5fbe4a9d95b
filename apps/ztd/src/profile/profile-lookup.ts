import { type DeviceTicket } from '@greenscreen/host/identity';
import { type AutopilotDevice, type DeploymentProfile } from '@greenscreen/model/autopilot';
import { type Tenant } from '@greenscreen/model/tenancy';
import { type HardwareIdentity } from '@greenscreen/wire/hardware-hash';
import { decodeProfileRequest, type ProfileRequest } from '@greenscreen/wire/ztd';
import { type ZtdServices } from '../ztd-services.js';

/** A request for the profile, as far as it has been checked. */
export class ProfileLookup {
  readonly request: ProfileRequest;
  ticket: DeviceTicket;
  /** Time of the registration's tenant, or of the installation. */
  now: Date;
  found: readonly AutopilotDevice[];
  registration: AutopilotDevice;
  tenant: Tenant;
  /** What today's hardware hash says; undefined when the device sent none. */
  presented: HardwareIdentity | undefined;
  profile: DeploymentProfile;

  constructor(
    readonly ztd: ZtdServices,
    headers: Readonly<Record<string, string>>,
  ) {
    this.request = decodeProfileRequest(headers);
  }
}
