/** An authority of the AIK service: one for each key that signs a vendor's EK certificates (reference 03, 2.1). */
export interface AikAuthorityName {
  /** Label of the vendor, upper case: `IFX`, `INTC`, `AMD`, … */
  readonly vendor: string;
  /** Key identifier of the EK authority, 40 lower-case hex. */
  readonly keyId: string;
}

const DOMAIN = 'microsoftaik.azure.net';
const HOST = /^([a-z0-9]{2,4})-keyid-([0-9a-f]{40})\.microsoftaik\.azure\.net$/;

/** The authority that a host name (any case, no port) names; undefined for every other name. */
export function decodeAuthorityHost(host: string): AikAuthorityName | undefined {
  const [, vendor, keyId] = HOST.exec(host.toLowerCase()) ?? [];
  return vendor === undefined || keyId === undefined ? undefined : { vendor: vendor.toUpperCase(), keyId };
}

/** `IFX-KeyId-18b1….microsoftaik.azure.net`, as Windows writes it. */
export const encodeAuthorityHost = ({ vendor, keyId }: AikAuthorityName): string => `${vendor}-KeyId-${keyId}.${DOMAIN}`;

/** Regions of the service, as names and addresses spell them. */
export const aikRegions = ['EUS', 'WUS', 'NCU'] as const;
export type AikRegion = (typeof aikRegions)[number];

/** Common name of an issuing authority: `WUS-IFX-KEYID-18B1…`. */
export const issuingAuthorityName = (region: AikRegion, { vendor, keyId }: AikAuthorityName): string =>
  `${region}-${vendor.toUpperCase()}-KEYID-${keyId.toUpperCase()}`;

/** Host that publishes a region's certificates, plain HTTP. */
export const publicationHost = (region: AikRegion): string => `azcsprod${region.toLowerCase()}aikpublish.blob.core.windows.net`;

/** Folder of an authority's publications: its common name in lower case. */
export const publicationFolder = (region: AikRegion, name: AikAuthorityName): string => issuingAuthorityName(region, name).toLowerCase();

/** Address of a published issuer certificate, `id` a GUID (reference 03, 2.4 [cert]). */
export const publicationUrl = (region: AikRegion, name: AikAuthorityName, id: string): string =>
  `http://${publicationHost(region)}/${publicationFolder(region, name)}/${id}.cer`;

const FOLDER = /^(eus|wus|ncu)-([a-z0-9]{2,4})-keyid-([0-9a-f]{40})$/;

/** The authority whose publications a folder (any case) holds; undefined for every other name. */
export function decodePublicationFolder(folder: string): (AikAuthorityName & { readonly region: AikRegion }) | undefined {
  const [, regionName, vendor, keyId] = FOLDER.exec(folder.toLowerCase()) ?? [];
  const region = aikRegions.find((candidate) => candidate.toLowerCase() === regionName);
  return region === undefined || vendor === undefined || keyId === undefined ? undefined : { region, vendor: vendor.toUpperCase(), keyId };
}
