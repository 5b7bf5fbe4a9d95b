import { encodeMsiFile } from '@greenscreen/wire/msi-job';
import { CONTENT_HOST } from '../hosts.js';
import { type ServedPackage } from './served-package.js';

const productCode = '{2FE7E6F1-0A61-4C6C-9C8F-3D1F2F5B7A10}';
const version = '1.83.107.0';

/** The management extension. A public client knows it by the file's name (reference 04, 4.5). */
export const agentPackage: ServedPackage = {
  productCode,
  version,
  url: `https://${CONTENT_HOST}/IntuneWindowsAgent.msi`,
  content: encodeMsiFile({ productCode, version, exitCode: 0, seconds: 30 }),
};
