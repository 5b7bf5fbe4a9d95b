import { MdmCertificate } from './mdm-certificate.entity.js';
import { MdmEnrollmentToken } from './enrollment-token.entity.js';
import { MdmEnrollment } from './mdm-enrollment.entity.js';
import { MdmPolicyClient } from './policy-client.entity.js';

export { deleteManagedDevice, retireManagedDevice } from './delete-managed-device.js';
export * from './enrollment-state.js';
export { type EnrollmentTokenPurpose, MdmEnrollmentToken } from './enrollment-token.entity.js';
export * from './enrollment-type.js';
export { MdmCertificate } from './mdm-certificate.entity.js';
export { type ContextItemRecord, type DmAccountSecrets, MdmEnrollment } from './mdm-enrollment.entity.js';
export { MdmPolicyClient } from './policy-client.entity.js';

export const mdmEnrollmentEntities = [MdmEnrollment, MdmCertificate, MdmPolicyClient, MdmEnrollmentToken];
