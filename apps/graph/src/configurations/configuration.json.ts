import { type IntunePolicy, profileOf } from '@greenscreen/model/mdm-session';
import { graphDate } from '@greenscreen/wire/graph';
import { encodeProfile } from './configuration-types.js';

export const configurationResource = 'deviceManagement/deviceConfigurations';

/** Graph `deviceConfiguration`. A single setting of the lab's own API is a custom configuration with one. */
export function encodeConfiguration(policy: IntunePolicy): Record<string, unknown> {
  const { '@odata.type': type, ...own } = encodeProfile(profileOf(policy));
  return {
    '@odata.type': type,
    id: policy.id,
    lastModifiedDateTime: graphDate(policy.modifiedAt ?? policy.createdAt),
    roleScopeTagIds: ['0'],
    supportsScopeTags: true,
    createdDateTime: graphDate(policy.createdAt),
    description: policy.description,
    displayName: policy.displayName || (policy.uri ?? ''),
    version: policy.version,
    ...own,
  };
}
