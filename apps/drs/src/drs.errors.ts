import { type FaultEntry, type FaultTable } from '@greenscreen/host/faults';

/** A row of reference 02, 14.3, as 06 D-A30 to D-A35 changed it. `code` goes out as `ErrorType`, `Code`, or both (D-A33). */
export interface DrsFault extends FaultEntry {
  readonly code: string;
  readonly subcode?: string;
  /** `WWW-Authenticate` of a 401. */
  readonly challenge?: string;
}

const TRACE = 'trace (reference 02, 14.1)';
const DOC = 'doc (reference 02, 14.2; 06 D-A30)';
const OURS = 'our choice (reference 02, 14.3)';

const row = (code: string, hresult: string, text: string, more: Partial<DrsFault> = {}): DrsFault => ({
  status: 400,
  code,
  hresult,
  text,
  evidence: OURS,
  ...more,
});

const AUTHENTICATION = 'AuthenticationError';
const AUTHORIZATION = 'AuthorizationError';
const DIRECTORY = 'DirectoryError';
const unauthorized = { status: 401 };

/** Every refusal of the registration service. The HRESULT is what Windows shows (06 D-A30). */
export const drsFaults: FaultTable<DrsFault> = {
  'drs.MissingToken': row(AUTHENTICATION, '0x801c03ea', 'Authorization header is missing.', { ...unauthorized, challenge: 'Bearer' }),
  'drs.InvalidToken': row(AUTHENTICATION, '0x801c0002', 'Invalid JWT token.', { evidence: `${TRACE}; status MS-DVRJ (06 D-A31)` }),
  'drs.DeviceTokenRejected': row(AUTHENTICATION, '0x801c03ea', 'The device could not be authenticated.', {
    ...unauthorized,
    challenge: 'Bearer error="invalid_token"',
    evidence: 'inferred (06 D-A32)',
  }),
  'drs.DeviceNotFound': row(AUTHENTICATION, '0x801c03f3', 'A device with the expected device identifiers was not found', {
    subcode: 'DeviceNotFound',
    evidence: TRACE,
  }),
  'drs.DeviceDisabled': row(AUTHENTICATION, '0x801c0002', 'The device object is disabled.', { subcode: 'DeviceDisabled' }),
  'drs.InvalidTicket': row(AUTHENTICATION, '0x801c0002', 'Invalid device ticket.', { evidence: 'our choice (06 D-A25)' }),
  'drs.MfaRequired': row(AUTHENTICATION, '0x801c03ed', 'Multi-factor authentication is required.', {
    subcode: 'MfaRequired',
    evidence: DOC,
  }),
  'drs.JoinKindNotAllowed': row(AUTHENTICATION, '0x801c0002', 'The enrollment request type ({kind}) is not allowed.', { evidence: DOC }),
  'drs.AikValidationFailed': row(AUTHENTICATION, '0x801c0010', 'The attestation identity key certificate is not valid.', {
    subcode: 'AikValidationFailed',
    evidence: DOC,
  }),
  'drs.AikExpired': row(AUTHENTICATION, '0x801c03ef', 'The attestation identity key certificate has expired.', {
    subcode: 'AikExpired',
    evidence: DOC,
  }),
  'drs.AttestationFailed': row(AUTHENTICATION, '0x801c0011', 'The key attestation is not valid.', {
    subcode: 'AttestationFailed',
    evidence: DOC,
  }),
  'drs.UserNotAllowed': row(AUTHORIZATION, '0x801c0003', 'The user is not allowed to perform this enrollment.', { evidence: DOC }),
  'drs.MsaTicketTpmValidationFailed': row(AUTHORIZATION, '0x801c0003', 'The TPM behind the device ticket was not validated.', {
    subcode: 'MsaTicketTpmValidationFailed',
    evidence: 'trace (reference 03, 5.1; 06 D-A23)',
  }),
  'drs.DeviceQuotaExceeded': row(
    AUTHORIZATION,
    '0x801c000e',
    "User '{userId}' is not eligible to enroll a device of type '{deviceType}'. Reason 'DeviceCapReached'.",
    { subcode: 'DeviceQuotaExceeded', evidence: DOC },
  ),
  'drs.DeviceIsAutopilotRegistered': row(
    AUTHORIZATION,
    '0x801c0003',
    'The device is registered with Windows Autopilot and cannot be deleted by itself.',
    { status: 403, subcode: 'DeviceIsAutopilotRegistered', evidence: 'client; code is our choice (06 D-A35)' },
  ),
  'drs.InvalidParameter': row('InvalidParameter', '0x801c03ed', 'The parameter {member} is missing or not valid.', {
    evidence: 'MS-DVRE 3.1.4.1.4.1 for the code',
  }),
  'drs.DirectoryError': row(DIRECTORY, '0x801c03f2', 'The directory could not complete the request.', { evidence: DOC }),
  'drs.DuplicateDevice': row(DIRECTORY, '0x801c03f2', 'More than one device object has the expected device identifiers.', {
    evidence: 'our choice (06 D-A27)',
  }),
  'drs.ObjectNotFound': row(DIRECTORY, '0x801c03f2', 'The device object by the given id ({id}) is not found.', { evidence: DOC }),
  'drs.Throttled': row(DIRECTORY, '0x801c03f2', 'Your request is throttled temporarily. Please try after 300 seconds.', { evidence: DOC }),
  'drs.TenantNotFound': row(
    DIRECTORY,
    '0x801c003a',
    "invalid_tenant: AADSTS90002: Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    { evidence: 'doc for the number and HRESULT; the body is our choice (reference 02, 9.1)' },
  ),
  'drs.ClientCertificateMissing': row(AUTHENTICATION, '0x801c03ea', 'A device certificate is required.', {
    ...unauthorized,
    evidence: 'MS-DVRJ 3.1.5.1.2.3',
  }),
  'drs.ClientCertificateUnknown': row(AUTHENTICATION, '0x801c03ea', 'The certificate is not bound to a device.', {
    ...unauthorized,
    evidence: 'MS-DVRJ 3.1.5.1.2.3',
  }),
  'drs.ClientCertificateOfAnotherDevice': row(AUTHENTICATION, '0x801c03ea', 'The certificate belongs to another device.', unauthorized),
  'drs.KeyNotAuthorized': row(AUTHENTICATION, '0x801c03ea', 'The token does not allow a key to be registered.', {
    ...unauthorized,
    evidence: 'MS-KPP 3.1.5.1.1.3',
  }),
  'drs.NotAcceptable': row('InvalidParameter', '0x801c03eb', 'The requested content type is not available.', {
    status: 406,
    evidence: 'MS-DVRD 3.1',
  }),
  'drs.ClientIdentityInvalid': row(AUTHENTICATION, '0x801c0002', 'The client identity could not be verified.', {
    evidence: 'our choice (reference 02, 13.1)',
  }),
  'drs.NotServed': row('UnknownError', '0x801c03eb', 'This operation is not available.', {
    status: 404,
    evidence: 'our choice (reference 02, 13.5)',
  }),
  'drs.UnknownError': row('UnknownError', '0x801c03ec', 'An unexpected error has occurred.', {
    status: 500,
    evidence: 'MS-DVRE 3.1.4.1.4.1 for the code',
  }),
  'drs.Maintenance': row('UnknownError', '0x801c0025', '', { status: 503, evidence: DOC }),
};
