export * from './enveloped-data.js';
export { CmsError } from './error.js';
export {
  type CmsAttribute,
  cmsOids,
  decodeSignedData,
  encodeSignedData,
  type SignedData,
  type SignedDataInput,
  type SignerInfo,
  verifySignedData,
} from './signed-data.js';
