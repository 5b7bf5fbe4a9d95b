export { identifyEnrollment, type MdmIdentity, MdmIdentityError, type MdmIdentityProblem } from './identify-enrollment.js';
