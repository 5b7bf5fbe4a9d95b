/** Audience of the tickets that this service takes (reference 06, D-A12). */
export const ZTD_AUDIENCE = 'ztd.dds.microsoft.com';
