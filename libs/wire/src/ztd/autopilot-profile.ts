/** How the device joins. */
export type DomainJoinMethod = 'entra' | 'hybrid';

/** An Autopilot profile as the device works with it (reference 01, 6.1). */
export interface AutopilotProfile {
  /** `AutopilotServiceCorrelationId`: one per answer. */
  readonly serviceCorrelationId?: string;
  /** `ZtdRegistrationId`: the ZTD id; an offline file has none. */
  readonly ztdRegistrationId?: string;
  /** `ZtdCorrelationId`: the profile's id, in offline files only. */
  readonly ztdCorrelationId?: string;
  /** `AadDeviceId`: device id of the pre-created object. */
  readonly aadDeviceId?: string;
  /** `CloudAssignedOobeConfig`, a mask of `oobeBits`. */
  readonly oobeConfig: number;
  readonly domainJoinMethod: DomainJoinMethod;
  /** `CloudAssignedForcedEnrollment`: there is no way out to another account. */
  readonly forcedEnrollment: boolean;
  readonly tenantDomain: string;
  readonly tenantId: string;
  /** `CloudAssignedMdmId`: the MDM application; never compared (06, D-A52). */
  readonly mdmId?: string;
  /** `CloudAssignedDeviceName`, unexpanded: `MB-%SERIAL%`. */
  readonly deviceNameTemplate?: string;
  /** Culture, or `os-default`. */
  readonly language?: string;
  readonly region?: string;
  /** UPN of the assigned user. */
  readonly tenantUpn?: string;
  readonly addressableUserName?: string;
  /** `DeploymentProfileName`. */
  readonly profileName?: string;
  /** False when the tenant's default applied. */
  readonly explicitAssignment?: boolean;
  readonly updateDisabled: boolean;
  /** Milliseconds. */
  readonly updateTimeoutMs: number;
  readonly hybridSkipsConnectivityCheck: boolean;
  /** `PolicyDownloadDate`, added by the client: `YYYY-MM-DDThh:mm:ssZ`, or the header as it came. */
  readonly policyDownloadDate?: string;
  /** `PolicyDownloadCorrelationVector`, added by the client. */
  readonly policyDownloadCorrelationVector?: string;
}

/** The Intune application that Windows knows (reference 01, 6.1 [trace]). */
export const AUTOPILOT_MDM_ID = '9cb77803-d937-493e-9a3b-4b49de3f5a74';
export const DEFAULT_UPDATE_TIMEOUT_MS = 1_800_000;

/** A profile file: a JSON object, whatever its members. */
export type ProfileDocument = Readonly<Record<string, unknown>>;
