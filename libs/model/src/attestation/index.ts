import { AikAuthority } from './aik-authority.entity.js';
import { AikCertificate } from './aik-certificate.entity.js';
import { AikRequest } from './aik-request.entity.js';
import { EkAuthority } from './ek-authority.entity.js';
import { EkCertificate, EkRevocation } from './ek-certificate.entity.js';
import { FirmwareRule } from './firmware-rule.entity.js';

export { AikAuthority } from './aik-authority.entity.js';
export { AikCertificate } from './aik-certificate.entity.js';
export { type AikClientInfo, AikRequest } from './aik-request.entity.js';
export * from './aik-request-state.js';
export { EkAuthority } from './ek-authority.entity.js';
export { EkCertificate, EkRevocation } from './ek-certificate.entity.js';
export { type FirmwareVersion, isVulnerableFirmware } from './firmware-policy.js';
export { FirmwareRule } from './firmware-rule.entity.js';
export { revokeAik, revokeEk } from './revoke.js';
export { deviceTpmKeyState, type TpmKeyState } from './tpm-key-state.js';

export const attestationEntities = [EkCertificate, EkRevocation, EkAuthority, AikAuthority, AikRequest, AikCertificate, FirmwareRule];
