import { createHash } from 'node:crypto';
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
  const content = encodeMsiFile({ productCode, version, exitCode, seconds });
  const hash = createHash('sha256').update(content).digest('hex');
  // A public client names the file that it downloads after this parameter; nobody else looks at it.
  const url = `https://${CONTENT_HOST}/packages/${tenantId}/${encodeURIComponent(id)}.msi?fileNameHash=${hash}.msi`;
  return { productCode, version, url, content };
}
