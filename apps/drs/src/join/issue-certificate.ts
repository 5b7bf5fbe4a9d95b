import { type KeyObject } from 'node:crypto';
import { deviceCertificateValidity, issueDeviceCertificate } from '@greenscreen/crypto/device-certificate';
import { type EntraDevice, bindDeviceCertificate } from '@greenscreen/model/directory';
import { type Tenant } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';
import { defectiveRequest } from './certificate-defect.js';

export interface CertificateOrder {
  readonly device: Pick<EntraDevice, 'objectId' | 'tenantId' | 'deviceId' | 'trustType'>;
  /** Object id of the user; undefined when the device authenticated, which names itself then (reference 02, 11.1). */
  readonly userId: string | undefined;
  readonly tenant: Pick<Tenant, 'id' | 'region'>;
  /** SubjectPublicKeyInfo of the request. */
  readonly spki: Buffer;
  readonly authority: { readonly certificate: Buffer; readonly privateKey: KeyObject };
  readonly now: Date;
}

/** Issues the certificate of a joined device and binds it; the one before it stops counting. DER. */
export async function issueAndBind(em: EntityManager, { device, userId, tenant, spki, authority, now }: CertificateOrder): Promise<Buffer> {
  const request = defectiveRequest({
    identity: {
      deviceId: device.deviceId,
      userObjectId: userId ?? device.deviceId,
      tenantId: tenant.id,
      joined: device.trustType !== 'Workplace',
      region: tenant.region,
    },
    spki,
    ...deviceCertificateValidity(now),
    issuer: authority,
  });
  const der = issueDeviceCertificate(request);
  await bindDeviceCertificate(em, device, { ...request, der }, now);
  return der;
}
