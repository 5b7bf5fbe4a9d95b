import { createHash } from 'node:crypto';
import { type EntityManager, IsNull } from 'typeorm';
import { DeviceCertificate } from './device-certificate.entity.js';
import { type EntraDevice } from './entra-device.entity.js';

export interface NewDeviceCertificate {
  /** DER. */
  readonly der: Buffer;
  /** SubjectPublicKeyInfo of its key, DER. */
  readonly spki: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Binds a certificate to a device object; what was bound before stops counting at that moment (reference 02, 11.4, 15.1). */
export async function bindDeviceCertificate(
  em: EntityManager,
  { objectId, tenantId, deviceId }: Pick<EntraDevice, 'objectId' | 'tenantId' | 'deviceId'>,
  { der, spki, notBefore, notAfter }: NewDeviceCertificate,
  at: Date,
): Promise<DeviceCertificate> {
  await unbindDeviceCertificates(em, objectId, at);
  const row = em.create(DeviceCertificate, {
    thumbprint: createHash('sha1').update(der).digest('hex').toUpperCase(),
    objectId,
    tenantId,
    deviceId,
    der,
    publicKeyHash: createHash('sha256').update(spki).digest('base64'),
    notBefore,
    notAfter,
    issuedAt: at,
    replacedAt: null,
  });
  await em.insert(DeviceCertificate, row);
  return row;
}

/** Ends the bindings of a device object. */
export async function unbindDeviceCertificates(em: EntityManager, objectId: string, at: Date): Promise<void> {
  await em.update(DeviceCertificate, { objectId, replacedAt: IsNull() }, { replacedAt: at });
}

/** `alternativeSecurityIds[].key` of a bound certificate: base64 of UTF-16LE text with thumbprint and key hash (reference 02, 11.4). */
export const alternativeSecurityKey = ({ thumbprint, publicKeyHash }: Pick<DeviceCertificate, 'thumbprint' | 'publicKeyHash'>): string =>
  Buffer.from(`X509:<SHA1-TP-PUBKEY>${thumbprint}${publicKeyHash}`, 'utf16le').toString('base64');
