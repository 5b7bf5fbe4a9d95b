import { switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { type EnrollmentPolicy } from '@greenscreen/wire/xcep';

const DAY_SECONDS = 86_400;

/** Smallest RSA key that the CA accepts, in bits. */
export const MINIMAL_KEY_LENGTH = 2048;
/** Days before the end from which a device renews (reference 04, 3.5). */
const RENEW_PERIOD_DAYS = 42;
/** A certificate's life, measured at about 364.5 days (reference 04, 3.6; 06 D-B53). Switch `mdm.certificateDays`. */
const CERTIFICATE_DAYS = 364;

export const certificateDays = (tenant: Tenant): number => switchOf(tenant, 'mdm.certificateDays', CERTIFICATE_DAYS);

/** Never more than half of a certificate's life, which a lab may shorten. */
export const renewPeriodDays = (tenant: Tenant): number => Math.min(RENEW_PERIOD_DAYS, Math.floor(certificateDays(tenant) / 2));

/** What the CA keeps: validity and key length are checked and issued accordingly. The account's id is the policy's: it only has to be stable. */
export function enrollmentPolicyOf(tenant: Tenant): EnrollmentPolicy {
  return {
    policyId: tenant.intuneAccountId,
    commonName: 'MockIntuneDeviceEnrollment',
    validityPeriodSeconds: certificateDays(tenant) * DAY_SECONDS,
    renewalPeriodSeconds: renewPeriodDays(tenant) * DAY_SECONDS,
    minimalKeyLength: MINIMAL_KEY_LENGTH,
    cryptoProviders: ['Microsoft Platform Crypto Provider', 'Microsoft Software Key Storage Provider'],
    hash: { oid: '2.16.840.1.101.3.4.2.1', name: 'szOID_NIST_sha256' },
  };
}
