export { contextItems, type EnrollmentAttestation, type EnrollmentMode, hardwareDeviceId } from './context-items.js';
export { windowsCsr, type WindowsCsr } from './csr.js';
export { discoverEnrollment, type EnrollmentService } from './discover.js';
export { enrollInMdm, type EnrollmentInput, type MdmEnrollment } from './enroll.js';
export { EnrollmentError, menroll } from './enrollment-error.js';
export { hresultOfFault } from './fault-hresult.js';
export { existingEnrollment, forgetInstallation, leaveOldEnrollment } from './registry.js';
export { type EnrollContext } from './soap-call.js';
export { signInForEnrollment } from './web-sign-in.js';
