import { issueDeviceCertificate } from '@greenscreen/crypto/device-certificate';
import { generateKeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { issueMdmCertificate } from '@greenscreen/crypto/mdm-certificate';
import { type Authority, type AuthorityStore } from '@greenscreen/host/authority';
import { intuneMdmDeviceCa, msOrganizationAccess } from '@greenscreen/host/authority/definitions';
import { createHash, type KeyObject } from 'node:crypto';

export const clientDefects = ['none', 'expired', 'not_yet_valid', 'other_key', 'unknown_ca', 'no_join_kind'] as const;

/** A certificate that a device would hold: of Entra (`device`) or of Intune (`mdm`). */
export interface ClientOrder {
  readonly profile: 'device' | 'mdm';
  readonly tenantId: string;
  /** Entra device id, or Intune's. */
  readonly deviceId: string;
  readonly userObjectId?: string | undefined;
  /** Whom it is for; a key is made where none is given. */
  readonly publicKey?: KeyObject | undefined;
  readonly defect: (typeof clientDefects)[number];
  readonly now: Date;
}

export interface ForgedClient {
  readonly certificate: Buffer;
  /** PKCS#8, when the key was made for it. */
  readonly privateKey?: Buffer;
  readonly chain: readonly Buffer[];
}

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;

/** Issues the certificate as the real services would, but for its defect. */
export async function forgeClient(authorities: AuthorityStore, order: ClientOrder): Promise<ForgedClient> {
  const { defect, now } = order;
  const authority = await authorities.get(order.profile === 'device' ? msOrganizationAccess : intuneMdmDeviceCa);
  const made = order.publicKey ? undefined : await generateKeyPair('rsa2048');
  const holder = order.publicKey ?? made?.publicKey;
  const named = defect === 'other_key' || !holder ? (await generateKeyPair('rsa2048')).publicKey : holder;
  const request = {
    spki: spkiOf(named),
    notBefore: new Date(now.getTime() + (defect === 'not_yet_valid' ? DAY_MS : -YEAR_MS)),
    notAfter: new Date(now.getTime() + (defect === 'expired' ? -DAY_MS : YEAR_MS)),
    issuer: defect === 'unknown_ca' ? { ...authority, privateKey: (await generateKeyPair('rsa2048')).privateKey } : authority,
  };
  return {
    certificate: order.profile === 'device' ? entraCertificate(order, request) : intuneCertificate(order, request),
    ...(made ? { privateKey: made.privateKey.export({ format: 'der', type: 'pkcs8' }) } : {}),
    chain: chainOf(authority),
  };
}

type Request = Omit<Parameters<typeof issueDeviceCertificate>[0], 'identity'>;

const entraCertificate = ({ tenantId, deviceId, userObjectId = deviceId, defect }: ClientOrder, request: Request): Buffer =>
  issueDeviceCertificate({
    ...request,
    identity: { deviceId, userObjectId, tenantId, joined: defect === 'no_join_kind' ? undefined : true, region: 'EU' },
  });

const intuneCertificate = ({ tenantId, deviceId, userObjectId }: ClientOrder, request: Request): Buffer =>
  issueMdmCertificate({
    ...request,
    identity: {
      deviceId,
      accountId: tenantId,
      userId: userObjectId,
      opaqueId: deviceId,
      tenantId,
      enrollmentType: 0,
      hash: createHash('sha256').update(deviceId).digest(),
    },
  });

const chainOf = (authority: Authority): Buffer[] => [authority.certificate, ...(authority.issuer ? chainOf(authority.issuer) : [])];
