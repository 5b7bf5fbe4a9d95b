import { type IntuneApp } from '@greenscreen/model/mdm-session';
import { encodeMsiFile } from '@greenscreen/wire/msi-job';
import { CONTENT_HOST } from '../hosts.js';
import { type ServedPackage } from './served-package.js';

/** The MSI of a line-of-business app; undefined for apps of other types. */
export function lineOfBusinessPackage({
  tenantId,
  id,
  type,
  productCode,
  version,
  exitCode,
  seconds,
}: IntuneApp): ServedPackage | undefined {
  if (type !== 'lob' || productCode === null) return undefined;
  return {
    productCode,
    version,
    url: `https://${CONTENT_HOST}/packages/${tenantId}/${encodeURIComponent(id)}.msi`,
    content: encodeMsiFile({ productCode, version, exitCode, seconds }),
  };
}
