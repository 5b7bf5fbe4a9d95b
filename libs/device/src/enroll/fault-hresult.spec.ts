import { describe, expect, it } from '@jest/globals';
import { hresultOfFault } from './fault-hresult.js';

const of = (errorType: string, subcode = 's:Authorization', reason = '') => hresultOfFault({ errorType, subcode, reason }).toString(16);

describe('HRESULT of an enrollment fault', () => {
  it.each([
    ['NotEligibleToRenew', '80180016'],
    ['MessageFormat', '80180001'],
    ['Authentication', '80180002'],
    ['FailedAuthentication', '80180002'],
    ['Authorization', '80180003'],
    ['CertificateRequest', '80180004'],
    ['CertificateAuthority', '80180004'],
    ['EnrollmentServer', '80180005'],
    ['InternalServiceFault', '80180006'],
    ['InternalServerFault', '80180006'],
    ['InvalidSecurity', '80180007'],
    ['DeviceCapReached', '80180013'],
    ['DeviceNotSupported', '80180014'],
    ['NotSupported', '80180015'],
    ['InMaintenance', '80180017'],
    ['UserLicense', '80180018'],
    ['InvalidEnrollmentData', '80180019'],
    ['CustomServerError', '80180032'],
    ['SomethingElse', '80180008'],
    ['devicenotsupported', '80180008'],
  ])('04-30 ErrorType %s is 0x%s', (errorType, hresult) => {
    expect(of(errorType)).toBe(hresult);
  });

  it('takes the Subcode only without an ErrorType', () => {
    expect(of('', 'a:InvalidSecurity')).toBe('80180007');
    expect(of('DeviceNotSupported', 's:Authorization')).toBe('80180014');
    expect(of('', 's:Nonsense')).toBe('80180008');
  });

  it('looks in the order of Windows, and for one word in the Reason too', () => {
    expect(of('AuthenticationOrDeviceCapReached')).toBe('80180002');
    expect(of('DeviceNotSupported', '', 'it is NotEligibleToRenew')).toBe('80180016');
  });
});
