import { createHash } from 'node:crypto';
import { issueMdmCertificate } from '@greenscreen/crypto/mdm-certificate';
import { thumbprint } from '@greenscreen/crypto/x509';
import { type Authority } from '@greenscreen/host/authority';
import { intuneMdmDeviceCa } from '@greenscreen/host/authority/definitions';
import { MdmCertificate, type MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { type Tenant } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';
import { type MdmServices } from '../../mdm-services.js';
import { certificateDays } from '../policy/enrollment-policy.js';
import { defectiveRequest } from './certificate-defect.js';

const DAY_MS = 86_400_000;
/** Devices' clocks may be a little behind. */
const BACKDATED_MS = 300_000;

/** The CA with its root; both are loaded when the service starts, so that this takes no connection. */
export async function deviceAuthority({ authorities }: Pick<MdmServices, 'authorities'>): Promise<{ ca: Authority; root: Authority }> {
  const ca = await authorities.get(intuneMdmDeviceCa);
  if (!ca.issuer) throw new Error('The device CA has no issuer');
  return { ca, root: ca.issuer };
}

export interface CertificateOrder {
  readonly enrollment: MdmEnrollment;
  readonly tenant: Tenant;
  readonly ca: Authority;
  /** SubjectPublicKeyInfo of the request. */
  readonly spki: Buffer;
  readonly now: Date;
}

/** Issues and records the MDM certificate of an enrollment (reference 04, 3.6). */
export function issueCertificateFor(em: EntityManager, { enrollment, tenant, ca, spki, now }: CertificateOrder): Promise<MdmCertificate> {
  const { notBefore, notAfter } = validityOf(tenant, now);
  const der = issueMdmCertificate(
    defectiveRequest({
      identity: {
        deviceId: enrollment.id,
        accountId: tenant.intuneAccountId,
        userId: enrollment.enrolledBy ?? undefined,
        opaqueId: enrollment.opaqueId,
        tenantId: tenant.id,
        enrollmentType: enrollment.enrollmentType,
        hash: createHash('sha256').update(enrollment.hwDevId, 'utf8').digest(),
      },
      spki,
      notBefore,
      notAfter,
      issuer: ca,
    }),
  );
  return recordCertificate(em, enrollment, { der, notBefore, notAfter, issuedAt: now });
}

/** How long a certificate lives that a tenant's device gets now. */
export const validityOf = (tenant: Tenant, now: Date): { readonly notBefore: Date; readonly notAfter: Date } => ({
  notBefore: wholeSeconds(now.getTime() - BACKDATED_MS),
  notAfter: wholeSeconds(now.getTime() + certificateDays(tenant) * DAY_MS),
});

/** OMA-DM accepts a certificate from here on. */
export async function recordCertificate(
  em: EntityManager,
  { id: enrollmentId, tenantId }: MdmEnrollment,
  issued: Pick<MdmCertificate, 'der' | 'notBefore' | 'notAfter' | 'issuedAt'>,
): Promise<MdmCertificate> {
  const certificate = em.create(MdmCertificate, {
    ...issued,
    thumbprint: thumbprint(issued.der),
    enrollmentId,
    tenantId,
    replacedAt: null,
    revokedAt: null,
  });
  await em.insert(MdmCertificate, certificate);
  return certificate;
}

/** Certificates carry no fractions. */
const wholeSeconds = (time: number): Date => new Date(Math.floor(time / 1000) * 1000);
