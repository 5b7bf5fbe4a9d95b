import { type FaultEntry, type FaultTable } from '@greenscreen/host/faults';

/** A row of reference 04, 3.7. ErrorType decides what Windows shows, by ordered substrings; Subcode only when it is missing. */
export interface EnrollmentFaultEntry extends FaultEntry {
  /** With its prefix: `s:Authorization`. */
  readonly subcode: string;
  /** Defaults to the Subcode's local name (06 D-B8). */
  readonly errorType?: string;
}

const DOC = 'MDM enrollment error table [doc]; substring order [win-static] (reference 04, 3.7)';
/** WCF's default for Receiver faults; Windows reads the body whatever the status is (reference 04, 3.7 [our choice]). */
const STATUS = 500;

const row = (subcode: string, hresult: string, text: string, more: Partial<EnrollmentFaultEntry> = {}): EnrollmentFaultEntry => ({
  status: STATUS,
  subcode,
  hresult,
  text,
  evidence: DOC,
  ...more,
});

const notSupported = (text: string, evidence: string): EnrollmentFaultEntry =>
  row('s:Authorization', '0x80180014', text, { errorType: 'DeviceNotSupported', evidence });

/** Refusals of discovery, policy and enrollment. */
export const enrollmentFaults: FaultTable<EnrollmentFaultEntry> = {
  // One row for each HRESULT of 04, 3.7, in its order: what a scenario injects.
  'mdm.NotEligibleToRenew': row('s:Authorization', '0x80180016', 'The certificate is not due for renewal', {
    errorType: 'NotEligibleToRenew',
  }),
  'mdm.MessageFormat': row('s:MessageFormat', '0x80180001', 'The message format is invalid'),
  'mdm.Authentication': row('s:Authentication', '0x80180002', 'The security token could not be authenticated'),
  'mdm.Authorization': row('s:Authorization', '0x80180003', 'The user is not authorized to enroll'),
  'mdm.CertificateRequest': row('s:CertificateRequest', '0x80180004', 'The certificate request is not acceptable'),
  'mdm.EnrollmentServer': row('s:EnrollmentServer', '0x80180005', 'The enrollment server has encountered an error'),
  'mdm.InternalServiceFault': row('a:InternalServiceFault', '0x80180006', 'An unhandled exception occurred on the server'),
  'mdm.InvalidSecurity': row('a:InvalidSecurity', '0x80180007', 'The security header could not be processed'),
  'mdm.DeviceCapReached': row('s:Authorization', '0x80180013', 'The device cap of the user is reached', { errorType: 'DeviceCapReached' }),
  'mdm.DeviceNotSupported': notSupported('Device is not supported', DOC),
  'mdm.NotSupported': row('s:Authorization', '0x80180015', 'Mobile device management is not supported', { errorType: 'NotSupported' }),
  'mdm.InMaintenance': row('s:EnrollmentServer', '0x80180017', 'The service is in maintenance', { errorType: 'InMaintenance' }),
  'mdm.UserLicense': row('s:Authorization', '0x80180018', 'The user has no license for the service', { errorType: 'UserLicense' }),
  'mdm.InvalidEnrollmentData': row('s:MessageFormat', '0x80180019', 'The enrollment data is invalid: {item}', {
    errorType: 'InvalidEnrollmentData',
  }),
  'mdm.CustomServerError': row('s:EnrollmentServer', '0x80180032', '{message}', {
    errorType: 'CustomServerError',
    evidence: 'SDK name; the only ErrorType that leads there (06 D-B9)',
  }),
  // The same with the text of one cause.
  'mdm.TenantNotFound': row('s:Authorization', '0x80180003', 'Tenant not found', { evidence: 'our choice (06 D-B7)' }),
  'mdm.DeviceNotRegistered': row('s:Authorization', '0x80180003', 'Device is not registered or disabled', {
    evidence: 'our choice (reference 04, 3.3 rule 2)',
  }),
  'mdm.DeviceTokenNotSupported': row(
    's:MessageFormat',
    '0x80180001',
    'Device based token is not supported for enrollment type {enrollmentType}',
    { evidence: 'trace, "Bypassing Enrollment Restrictions" (reference 04, 3.3)' },
  ),
  'mdm.UserTokenNotSupported': row(
    's:Authorization',
    '0x80180003',
    'User based token is not supported for enrollment type {enrollmentType}',
    { evidence: 'our choice (06 D-B12)' },
  ),
  'mdm.NotPreregistered': notSupported(
    'Device Identifier not preregistered',
    'trace, "Bypassing Enrollment Restrictions"; for the ZTD link our choice (06 D-B14)',
  ),
  'mdm.PreprovisioningNotAllowed': row('s:EnrollmentServer', '0x80180005', 'Pre-provisioning is not allowed by the assigned profile', {
    evidence: 'community reports; text is our choice (06 D-B15)',
  }),
  'mdm.OneTimeLimit': notSupported('Enrollment blocked for AP device by SDM One Time Limit Check', 'doc (06 D-B22)'),
  'mdm.WindowsBlocked': notSupported('Windows enrollment is blocked', 'doc; text is our choice (06 D-B16)'),
};
