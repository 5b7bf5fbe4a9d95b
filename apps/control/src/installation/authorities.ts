import { type AuthorityDefinition } from '@greenscreen/host/authority';

/** Every authority that an installation always has; those of TPM vendors are made when a device first needs them. */
export const installationAuthorities: readonly AuthorityDefinition[] = [];
