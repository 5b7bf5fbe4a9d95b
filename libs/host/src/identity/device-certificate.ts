import { createHash } from 'node:crypto';
import {
  type Certificate,
  CertificateError,
  decodeCertificate,
  knownCertificate,
  subjectCommonName,
  thumbprint,
} from '@greenscreen/crypto/x509';
import { DeviceCertificate, EntraDevice } from '@greenscreen/model/directory';
import { type EntityManager } from 'typeorm';
import { type AuthorityStore } from '../authority/authority-store.js';
import { msOrganizationAccess } from '../authority/definitions/entra.js';

export type DeviceCertificateProblem =
  /** Not a certificate. */
  | 'malformed'
  /** Not issued by this installation. */
  | 'untrusted'
  /** Unknown, replaced by a later join, or its device object is gone. */
  | 'unmapped'
  | 'expired';

/** A device certificate proves nothing, and why. */
export class DeviceCertificateError extends Error {
  constructor(
    readonly problem: DeviceCertificateProblem,
    options?: ErrorOptions,
  ) {
    super(`The device certificate is refused: ${problem}`, options);
    this.name = 'DeviceCertificateError';
  }
}

/** What a device certificate leads to. Whether the device is enabled is for the caller to judge. */
export interface DeviceIdentity {
  readonly certificate: Certificate;
  readonly thumbprint: string;
  readonly device: EntraDevice;
}

/** base64 SHA-256 of a SubjectPublicKeyInfo: `DeviceCertificate.publicKeyHash`, part of `alternativeSecurityIds` (reference 02, 11.4). */
export const publicKeyHash = (spki: Buffer): string => createHash('sha256').update(spki).digest('base64');

export interface DeviceCertificateSources {
  readonly em: EntityManager;
  readonly authorities: AuthorityStore;
  /** The time of the device's tenant. */
  readonly now: (tenantId: string) => Promise<Date>;
}

/**
 * The device that an MS-Organization-Access certificate is bound to now: issued by our key, found by thumbprint and public key, not
 * replaced, and naming that device in its subject (reference 02, 7.1 and 11.4). Throws {@link DeviceCertificateError}.
 */
export async function identifyDevice(der: Buffer, { em, authorities, now }: DeviceCertificateSources): Promise<DeviceIdentity> {
  const certificate = decode(der);
  const issuer = knownCertificate((await authorities.get(msOrganizationAccess)).certificate);
  if (!certificate.issuer.raw.equals(issuer.subject.raw) || !certificate.x509.verify(issuer.publicKey))
    throw new DeviceCertificateError('untrusted');
  const print = thumbprint(certificate.der);
  const row = await em.findOneBy(DeviceCertificate, { thumbprint: print });
  const device = row && (await em.findOneBy(EntraDevice, { objectId: row.objectId }));
  if (!row || !device || row.replacedAt !== null || device.state === 'deleted') throw new DeviceCertificateError('unmapped');
  if (row.publicKeyHash !== publicKeyHash(certificate.spki) || subjectCommonName(certificate)?.toLowerCase() !== device.deviceId)
    throw new DeviceCertificateError('unmapped');
  const at = await now(device.tenantId);
  if (at > certificate.notAfter || at < certificate.notBefore) throw new DeviceCertificateError('expired');
  return { certificate, thumbprint: print, device };
}

function decode(der: Buffer): Certificate {
  try {
    return decodeCertificate(der);
  } catch (error) {
    if (error instanceof CertificateError) throw new DeviceCertificateError('malformed', { cause: error });
    throw error;
  }
}
