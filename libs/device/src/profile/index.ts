export { type AutopilotProfile, hasOobeBit } from '@greenscreen/wire/ztd';
export { type ProfileDownload, type ProfileDownloadInput } from './acquire.js';
export { type IdentitySource, type TimeSync } from './device-ticket.js';
export { NO_INTERNET } from './download-error.js';
export { downloadProfile, type OpportunisticDownload, refetchProfile } from './download.js';
export { CORRELATIONS_KEY, DIAGNOSTICS_KEY, POLICY_CACHE_KEY, PROFILE_FILE, REMEDIATION_FILE } from './places.js';
export { type ProfileContext } from './profile-context.js';
export { readProfileFile } from './read-profile.js';
export { type MismatchReport, reportHardwareMismatch } from './report-mismatch.js';
