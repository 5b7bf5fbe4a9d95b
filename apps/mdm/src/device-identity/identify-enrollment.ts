import { thumbprint } from '@greenscreen/crypto/x509';
import { isLive, MdmCertificate, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { Tenant } from '@greenscreen/model/tenancy';
import { LINUX_PROVIDER } from '@greenscreen/wire/intune-linux';
import { type EntityManager } from 'typeorm';

export type MdmIdentityProblem =
  /** No certificate in the handshake. */
  | 'missing'
  /** Not issued by this installation's MDM device CA: another CA, or the Entra device certificate. */
  | 'unknown'
  /** Its enrollment is superseded or retired. */
  | 'ended'
  | 'replaced'
  | 'revoked'
  | 'expired';

/** A client certificate leads to no enrollment that lives, and why (06 D-B50). */
export class MdmIdentityError extends Error {
  constructor(readonly problem: MdmIdentityProblem) {
    super(`The MDM certificate is refused: ${problem}`);
    this.name = 'MdmIdentityError';
  }
}

export interface MdmIdentity {
  readonly certificate: MdmCertificate;
  readonly enrollment: MdmEnrollment;
  readonly tenant: Tenant;
}

/**
 * The enrollment behind a client certificate. Possession is the TLS front's business; here the certificate has to be one that was issued,
 * still counts, and belongs to an enrollment that lives. Throws {@link MdmIdentityError} with the first problem in the order of its type.
 */
export async function identifyEnrollment(
  em: EntityManager,
  presented: { readonly der: Buffer } | undefined,
  now: (tenantId: string) => Promise<Date>,
): Promise<MdmIdentity> {
  if (!presented) throw new MdmIdentityError('missing');
  const known = await findCertificate(em, thumbprint(presented.der));
  if (!known?.certificate.der.equals(presented.der)) throw new MdmIdentityError('unknown');
  const { certificate, enrollment } = known;
  // Linux is managed by tokens, and its certificate is not for what Windows speaks.
  if (enrollment.providerId === LINUX_PROVIDER) throw new MdmIdentityError('unknown');
  if (!isLive(enrollment.state)) throw new MdmIdentityError('ended');
  if (certificate.replacedAt) throw new MdmIdentityError('replaced');
  if (certificate.revokedAt) throw new MdmIdentityError('revoked');
  const at = await now(enrollment.tenantId);
  if (at > certificate.notAfter || at < certificate.notBefore) throw new MdmIdentityError('expired');
  return known;
}

/** In one query: every message of a session begins with it. */
async function findCertificate(em: EntityManager, hash: string): Promise<MdmIdentity | undefined> {
  const found: (MdmCertificate & Partial<Pick<MdmIdentity, 'enrollment' | 'tenant'>>) | null = await em
    .createQueryBuilder(MdmCertificate, 'certificate')
    .innerJoinAndMapOne('certificate.enrollment', MdmEnrollment, 'enrollment', 'enrollment.id = certificate.enrollmentId')
    .innerJoinAndMapOne('certificate.tenant', Tenant, 'tenant', 'tenant.id = certificate.tenantId')
    .where('certificate.thumbprint = :hash', { hash })
    .getOne();
  return found?.enrollment && found.tenant && { certificate: found, enrollment: found.enrollment, tenant: found.tenant };
}
