import { switchOf, type Tenant } from '@greenscreen/model/tenancy';

/** Switch `mdm.largeObjects`: values in pieces, off by default (reference 04, 4.2). */
export const takesLargeObjects = (tenant: Tenant): boolean => switchOf(tenant, 'mdm.largeObjects', false);
