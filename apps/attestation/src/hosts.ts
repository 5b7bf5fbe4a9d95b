import { type HostRule } from '@greenscreen/host/service';
import { AMD_EK_HOST, INTEL_EK_HOST, QUALCOMM_EK_HOST } from '@greenscreen/wire/ek-services';
import { aikRegions, publicationHost } from '@greenscreen/wire/scep';

/** Authorities of the AIK service, one label each (reference 03, 2.1). */
export const AIK_HOST = '*.microsoftaik.azure.net';
/** Where the AIK service publishes certificates, plain HTTP. */
export const aikPublicationHosts = [...aikRegions.map(publicationHost), '*.aikcertaia.microsoft.com'];
/** Where Microsoft publishes the TPM root and its CRL. */
export const TPM_ROOT_HOST = 'www.microsoft.com';
/** Where vendors publish EK authorities and CRLs; the lab's own host stands for vendors whose real one the reference does not name. */
export const vendorPublicationHosts = ['upgrades.intel.com', '*.ekpki.greenscreen.test'];
/** Intel publishes the authorities above its chips here. */
export const ODCA_HOST = 'tsci.intel.com';

/** EK services, the AIK service and their publications (reference 03, 1 and 2.1). Vendors' services answer plain HTTP too. */
export const hostRules: HostRule[] = [
  { pattern: INTEL_EK_HOST, plainHttp: true },
  { pattern: AMD_EK_HOST, plainHttp: true },
  { pattern: QUALCOMM_EK_HOST },
  { pattern: AIK_HOST },
  ...[...aikPublicationHosts, TPM_ROOT_HOST, ...vendorPublicationHosts, ODCA_HOST].map((pattern) => ({ pattern, plainHttp: true })),
];
