import { type DeploymentProfile, type OutOfBoxExperience } from '@greenscreen/model/autopilot';
import { z } from 'zod';
import { profileTypes } from './profile.json.js';

const flag = z.boolean().nullish();
const userType = z.enum(['administrator', 'standard']).nullish();
const deviceUsageType = z.enum(['singleUser', 'shared']).nullish();

/** Windows expands `%SERIAL%` and `%RAND:n%`; the result has at most 15 characters (reference 01, 3.5). */
const nameTemplate = z.string().refine((template) => fixedLength(template) <= 15, 'the name would be longer than 15 characters');
const fixedLength = (template: string): number =>
  template.replace(/%SERIAL%/gi, '').replace(/%RAND:(\d{1,2})%/gi, (_, digits: string) => 'x'.repeat(Number(digits))).length;

/** What clients post and patch. They send whole entities back: what is read-only or unknown is ignored (reference 01, 3.5). */
export const profileBody = z.object({
  '@odata.type': z.string().optional(),
  displayName: z.string().min(1).optional(),
  description: z.string().nullish(),
  locale: z.string().nullish(),
  language: z.string().nullish(),
  hardwareHashExtractionEnabled: flag,
  extractHardwareHash: flag,
  preprovisioningAllowed: flag,
  enableWhiteGlove: flag,
  deviceNameTemplate: nameTemplate.nullish(),
  deviceType: z.enum(['windowsPc', 'holoLens', 'surfaceHub2', 'surfaceHub2S', 'virtualMachine']).nullish(),
  roleScopeTagIds: z.array(z.string()).optional(),
  hybridAzureADJoinSkipConnectivityCheck: flag,
  outOfBoxExperienceSetting: z
    .object({
      privacySettingsHidden: flag,
      eulaHidden: flag,
      userType,
      deviceUsageType,
      keyboardSelectionPageSkipped: flag,
      escapeLinkHidden: flag,
    })
    .nullish(),
  outOfBoxExperienceSettings: z
    .object({
      hidePrivacySettings: flag,
      hideEULA: flag,
      userType,
      deviceUsageType,
      skipKeyboardSelectionPage: flag,
      hideEscapeLink: flag,
    })
    .nullish(),
});
export type ProfileBody = z.output<typeof profileBody>;

/** The columns that a client decides on. */
export type ProfileColumns = Omit<DeploymentProfile, 'id' | 'tenantId' | 'createdDateTime' | 'lastModifiedDateTime'>;

/** A profile as an administrator finds it who has only typed a name. */
export const emptyProfile: ProfileColumns = {
  displayName: '',
  description: '',
  joinType: 'entra',
  hybridSkipConnectivityCheck: false,
  preprovisioningAllowed: false,
  hardwareHashExtractionEnabled: false,
  locale: 'os-default',
  deviceNameTemplate: '',
  deviceType: 'windowsPc',
  outOfBoxExperience: {
    privacySettingsHidden: false,
    eulaHidden: false,
    userType: 'administrator',
    deviceUsageType: 'singleUser',
    keyboardSelectionPageSkipped: false,
    escapeLinkHidden: false,
  },
  roleScopeTagIds: ['0'],
};

/** What a body makes of a profile. The present name of a member counts when both are there. */
export function mergeProfile(current: ProfileColumns, body: ProfileBody): ProfileColumns {
  const type = body['@odata.type'];
  return {
    displayName: body.displayName ?? current.displayName,
    description: body.description ?? current.description,
    joinType: type === undefined ? current.joinType : type.replace(/^#?/, '#') === profileTypes.hybrid ? 'hybrid' : 'entra',
    hybridSkipConnectivityCheck: body.hybridAzureADJoinSkipConnectivityCheck ?? current.hybridSkipConnectivityCheck,
    preprovisioningAllowed: body.preprovisioningAllowed ?? body.enableWhiteGlove ?? current.preprovisioningAllowed,
    hardwareHashExtractionEnabled: body.hardwareHashExtractionEnabled ?? body.extractHardwareHash ?? current.hardwareHashExtractionEnabled,
    locale: body.locale ?? body.language ?? current.locale,
    deviceNameTemplate: body.deviceNameTemplate ?? current.deviceNameTemplate,
    deviceType: body.deviceType ?? current.deviceType,
    outOfBoxExperience: mergeExperience(current.outOfBoxExperience, body),
    roleScopeTagIds: body.roleScopeTagIds ?? current.roleScopeTagIds,
  };
}

function mergeExperience(current: OutOfBoxExperience, body: ProfileBody): OutOfBoxExperience {
  const now = body.outOfBoxExperienceSetting;
  const former = body.outOfBoxExperienceSettings;
  return {
    privacySettingsHidden: now?.privacySettingsHidden ?? former?.hidePrivacySettings ?? current.privacySettingsHidden,
    eulaHidden: now?.eulaHidden ?? former?.hideEULA ?? current.eulaHidden,
    userType: now?.userType ?? former?.userType ?? current.userType,
    deviceUsageType: now?.deviceUsageType ?? former?.deviceUsageType ?? current.deviceUsageType,
    keyboardSelectionPageSkipped:
      now?.keyboardSelectionPageSkipped ?? former?.skipKeyboardSelectionPage ?? current.keyboardSelectionPageSkipped,
    escapeLinkHidden: now?.escapeLinkHidden ?? former?.hideEscapeLink ?? current.escapeLinkHidden,
  };
}
