import { ns } from '../soap/index.js';

/** Actions of the enrollment service (MS-WSTEP 3.1.4.1). */
export const rstActions = { request: `${ns.enrollment}/RST/wstep`, response: `${ns.enrollment}/RSTRC/wstep` } as const;

/** The native client's MessageID: a constant (reference 04, 0.2 rule 4). */
export const RST_MESSAGE_ID = 'urn:uuid:0d5a1441-5891-453b-becf-a2e5f6ea3749';

export const DEVICE_ENROLLMENT_TOKEN = 'http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentToken';
export const PROVISION_DOC = 'http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentProvisionDoc';

/** `RequestType` (WS-Trust 1.3; `Recovery` [win-static]). */
export const requestTypes = { issue: `${ns.trust}/Issue`, renew: `${ns.trust}/Renew`, recovery: `${ns.trust}/Recovery` } as const;

/** `ValueType` of the request's BinarySecurityToken. */
export const csrTypes = { pkcs10: `${ns.enrollment}#PKCS10`, pkcs7: `${ns.enrollment}#PKCS7` } as const;
