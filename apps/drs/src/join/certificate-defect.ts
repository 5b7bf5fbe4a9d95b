import { type DeviceCertificateRequest } from '@greenscreen/crypto/device-certificate';
import { spkiOf } from '@greenscreen/crypto/keys';
import { knownCertificate } from '@greenscreen/crypto/x509';
import { type Authority } from '@greenscreen/host/authority';
import { msOrganizationAccess, msOrganizationP2pAccess } from '@greenscreen/host/authority/definitions';
import { injectedDefect } from '@greenscreen/host/injection';
import { type DrsServices } from '../drs-services.js';

const DAY_MS = 86_400_000;

const later = (time: Date, days: number): Date => new Date(time.getTime() + days * DAY_MS);

/** Device certificates that are wrong in one way (reference 02, 18; 05, C.4 `action.cert`). */
const defects: Readonly<Record<string, (request: DeviceCertificateRequest) => Partial<DeviceCertificateRequest>>> = {
  expired: ({ notBefore }) => ({ notBefore: later(notBefore, -2), notAfter: later(notBefore, -1) }),
  not_yet_valid: ({ notBefore }) => ({ notBefore: later(notBefore, 1) }),
  /** For the authority's own key, which no device has. */
  other_key: ({ issuer }) => ({ spki: spkiOf(knownCertificate(issuer.certificate).publicKey) }),
  no_join_kind: ({ identity }) => ({ identity: { ...identity, joined: undefined } }),
  wrong_subject: ({ identity }) => ({ identity: { ...identity, deviceId: identity.tenantId } }),
};

const defect = (): string | undefined => {
  const injected = injectedDefect('cert');
  return injected?.target === 'device' ? injected.defect : undefined;
};

/** The order for a device certificate, with what an injected fault wants wrong in it. */
export function defectiveRequest(request: DeviceCertificateRequest): DeviceCertificateRequest {
  return { ...request, ...defects[defect() ?? '']?.(request) };
}

/** The authority that issues device certificates; `wrong_issuer` takes the one of P2P certificates. */
export const deviceAuthority = ({ authorities }: DrsServices): Promise<Authority> =>
  authorities.get(defect() === 'wrong_issuer' ? msOrganizationP2pAccess : msOrganizationAccess);

/** The certificate as it goes out; `truncated` loses its end on the way. */
export const sentCertificate = (der: Buffer): Buffer => (defect() === 'truncated' ? der.subarray(0, Math.floor(der.length / 2)) : der);
