export { MsiJobError } from './error.js';
export { decodeMsiInstallJob, encodeMsiInstallJob, type MsiInstallJob } from './msi-install-job.codec.js';
export { decodeMsiFile, encodeMsiFile, type MsiFile } from './msi-file.codec.js';
