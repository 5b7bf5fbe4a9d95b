import { type AuthorityDefinition } from '@greenscreen/host/authority';
import { intuneRoot, msOrganizationAccess, msOrganizationP2pAccess, tlsRoot, tpmRoot } from '@greenscreen/host/authority/definitions';

/** Every authority that an installation always has; those of TPM vendors are made when a device first needs them. */
export const installationAuthorities: readonly AuthorityDefinition[] = [
  tlsRoot,
  msOrganizationAccess,
  msOrganizationP2pAccess,
  intuneRoot,
  tpmRoot,
];
