import { type Tenant, type TenantChange } from '@greenscreen/model/tenancy';
import { graphDate } from '@greenscreen/wire/graph';
import { z } from 'zod';
import { readBody } from '../request/read-body.js';

export const enrollmentConfigurationResource = 'deviceManagement/deviceEnrollmentConfigurations';

/** The default configuration of a kind: a view of the tenant's own settings. */
export interface EnrollmentConfiguration {
  /** Second part of its id, after the account's. */
  readonly suffix: string;
  readonly type: string;
  readonly kind: string;
  readonly description: string;
  readonly encode: (tenant: Tenant) => Record<string, unknown>;
  /** What the body in hand changes. */
  readonly decode: () => TenantChange;
}

const flag = z.boolean().nullish();
const given = <T>(value: T | null | undefined): T | undefined => value ?? undefined;

const pageBody = z.object({
  showInstallationProgress: flag,
  blockDeviceSetupRetryByUser: flag,
  allowDeviceResetOnInstallFailure: flag,
  allowLogCollectionOnInstallFailure: flag,
  customErrorMessage: z.string().nullish(),
  installProgressTimeoutInMinutes: z.number().int().min(1).max(1440).nullish(),
  allowDeviceUseOnInstallFailure: flag,
  selectedMobileAppIds: z.array(z.string()).nullish(),
});

const page: EnrollmentConfiguration = {
  suffix: 'DefaultWindows10EnrollmentCompletionPageConfiguration',
  type: '#microsoft.graph.windows10EnrollmentCompletionPageConfiguration',
  kind: 'windows10EnrollmentCompletionPageConfiguration',
  description: 'The enrollment status page of all users and all devices.',
  encode: ({ esp }) => ({
    showInstallationProgress: esp.device,
    blockDeviceSetupRetryByUser: !esp.allowRetry,
    allowDeviceResetOnInstallFailure: esp.allowReset,
    allowLogCollectionOnInstallFailure: esp.collectLogs,
    customErrorMessage: esp.customErrorText ?? '',
    installProgressTimeoutInMinutes: esp.timeoutMinutes,
    allowDeviceUseOnInstallFailure: esp.allowContinue,
    selectedMobileAppIds: esp.block,
    allowNonBlockingAppInstallation: false,
    installQualityUpdates: false,
    trackInstallProgressForAutopilotOnly: false,
    disableUserStatusTrackingAfterFirstUser: false,
  }),
  decode: () => {
    const body = readBody(pageBody);
    const shown = given(body.showInstallationProgress);
    const blocked = given(body.blockDeviceSetupRetryByUser);
    return {
      esp: {
        device: shown,
        user: shown,
        allowRetry: blocked === undefined ? undefined : !blocked,
        allowReset: given(body.allowDeviceResetOnInstallFailure),
        collectLogs: given(body.allowLogCollectionOnInstallFailure),
        customErrorText: given(body.customErrorMessage),
        timeoutMinutes: given(body.installProgressTimeoutInMinutes),
        allowContinue: given(body.allowDeviceUseOnInstallFailure),
        block: given(body.selectedMobileAppIds),
      },
    };
  },
};

const limitBody = z.object({ limit: z.number().int().min(1).max(15).nullish() });

const limit: EnrollmentConfiguration = {
  suffix: 'DefaultLimit',
  type: '#microsoft.graph.deviceEnrollmentLimitConfiguration',
  kind: 'limit',
  description: 'How many devices each user may enroll.',
  encode: ({ enrollmentRestrictions: { cap } }) => ({ limit: cap }),
  decode: () => ({ restrictions: { cap: given(readBody(limitBody).limit) } }),
};

const platformBody = z.object({ windowsRestriction: z.object({ platformBlocked: flag, personalDeviceEnrollmentBlocked: flag }).nullish() });
const barred = (value: boolean | null | undefined): 'allow' | 'block' | undefined =>
  value == null ? undefined : value ? 'block' : 'allow';

const platform: EnrollmentConfiguration = {
  suffix: 'DefaultPlatformRestrictions',
  type: '#microsoft.graph.deviceEnrollmentPlatformRestrictionsConfiguration',
  kind: 'platformRestrictions',
  description: 'Which platforms may enroll. There is Windows only.',
  encode: ({ enrollmentRestrictions: { windows, personal } }) => ({
    windowsRestriction: {
      platformBlocked: windows === 'block',
      personalDeviceEnrollmentBlocked: personal === 'block',
      osMinimumVersion: '',
      osMaximumVersion: '',
      blockedManufacturers: [],
      blockedSkus: [],
    },
  }),
  decode: () => {
    const { windowsRestriction } = readBody(platformBody);
    return {
      restrictions: {
        windows: barred(windowsRestriction?.platformBlocked),
        personal: barred(windowsRestriction?.personalDeviceEnrollmentBlocked),
      },
    };
  },
};

export const enrollmentConfigurations: readonly EnrollmentConfiguration[] = [limit, platform, page];

/** Graph `deviceEnrollmentConfiguration`: of all users and all devices, with the lowest priority. */
export const encodeEnrollmentConfiguration = (tenant: Tenant, configuration: EnrollmentConfiguration): Record<string, unknown> => ({
  '@odata.type': configuration.type,
  id: `${tenant.intuneAccountId}_${configuration.suffix}`,
  displayName: 'All users and all devices',
  description: configuration.description,
  priority: 0,
  createdDateTime: graphDate(tenant.createdAt),
  lastModifiedDateTime: graphDate(tenant.createdAt),
  version: 0,
  roleScopeTagIds: ['0'],
  deviceEnrollmentConfigurationType: configuration.kind,
  ...configuration.encode(tenant),
});
