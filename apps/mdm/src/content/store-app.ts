import { type IntuneApp } from '@greenscreen/model/mdm-session';
import { encodeAppPackage } from '@greenscreen/wire/ime';
import { CONTENT_HOST } from '../hosts.js';

/** Package family name: the app's own, and the hash of a publisher. */
export const familyName = ({ id }: Pick<IntuneApp, 'id'>): string => `Contoso.${id.replace(/[^A-Za-z0-9.-]/g, '')}_8wekyb3d8bbwe`;

export const storeAppUrl = ({ tenantId, id }: Pick<IntuneApp, 'tenantId' | 'id'>): string =>
  `https://${CONTENT_HOST}/store/${tenantId}/${encodeURIComponent(id)}.msix`;

/** What stands in the place of the package: it says what installing it does. */
export const storePackage = ({ exitCode, seconds }: IntuneApp): Buffer => encodeAppPackage({ exitCode, seconds, creates: [] });
