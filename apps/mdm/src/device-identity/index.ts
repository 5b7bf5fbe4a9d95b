export { identifyEnrollment, type MdmIdentity, MdmIdentityError, type MdmIdentityProblem } from './identify-enrollment.js';
export { noteEnrollment } from './note-enrollment.js';
