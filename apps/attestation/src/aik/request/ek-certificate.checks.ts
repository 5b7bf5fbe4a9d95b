import { type KeyObject } from 'node:crypto';
import {
  acceptedKeyIds,
  decodeTpmVersion,
  isWeakModulus,
  readEkCertificate,
  SWTPM_MANUFACTURER,
  vendorLabel,
} from '@greenscreen/crypto/ek-certificate';
import { rsaNumbers, spkiOf } from '@greenscreen/crypto/keys';
import { type Certificate, CertificateError, ChainError, decodeCertificate, verifyChain } from '@greenscreen/crypto/x509';
import { Fault } from '@greenscreen/host/faults';
import { EkRevocation, isVulnerableFirmware } from '@greenscreen/model/attestation';
import { switchOf } from '@greenscreen/model/tenancy';
import { tcgOids } from '@greenscreen/wire/scep';
import { type AikEnrollment } from './aik-enrollment.js';
import { ekTrust } from './ek-trust.js';

/** All of these are one refusal to the client. */
function valid<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CertificateError || error instanceof ChainError) throw new Fault('attestation.noValidEk', {}, { cause: error });
    throw error;
  }
}

/** The certificate for the key in question, byte by byte: as it stands in the certificate, or in the usual form where that one names the padding (reference 03, 1.7). */
export function certificateIsOfTheEk(state: AikEnrollment): void {
  const { spki, certificates } = state.ekInfo;
  const found = valid(() => certificates.find((der) => hasKey(decodeCertificate(der), spki)));
  if (!found) throw new Fault('attestation.noValidEk');
  state.ek = valid(() => readEkCertificate(found));
}

const hasKey = (certificate: Certificate, spki: Buffer): boolean =>
  certificate.spki.equals(spki) || spkiOf(certificate.publicKey).equals(spki);

/** Challenges can be made for EKs of the two default templates only (reference 06, D-A2). */
export function ekIsOfADefaultTemplate({ ek }: AikEnrollment): void {
  const { asymmetricKeyType, asymmetricKeyDetails } = ek.certificate.publicKey;
  const rsa2048 = asymmetricKeyType === 'rsa' && asymmetricKeyDetails?.modulusLength === 2048;
  const p256 = asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1';
  if (!rsa2048 && !p256) throw new Fault('attestation.noValidEk');
}

/** Builds the chain from what the message carries and from what the service knows. */
export async function certificateLeadsToAVendor(state: AikEnrollment): Promise<void> {
  const { services, message, ekInfo, ek, now } = state;
  const { roots, intermediates } = await ekTrust(services.em);
  const carried = valid(() => ekInfo.certificates.map((der) => decodeCertificate(der)));
  const chain = valid(() =>
    verifyChain({
      leaf: ek.certificate,
      intermediates: [...message.certificates, ...carried, ...intermediates],
      roots,
      at: now,
      purpose: tcgOids.ekCertificate,
    }),
  );
  state.authorities = chain.slice(1);
}

/** The host has to be the one that this vendor and key lead to. swtpm's own authority names no vendor. */
export function authorityIsTheVendors({ authority, ek, authorities }: AikEnrollment): void {
  const { manufacturer } = ek.identity;
  if (manufacturer !== SWTPM_MANUFACTURER && vendorLabel(manufacturer) !== authority.vendor) throw new Fault('attestation.noValidEk');
  if (!valid(() => acceptedKeyIds(ek.certificate, authorities)).has(authority.keyId)) throw new Fault('attestation.noValidEk');
}

/**
 * A vendor's list that cannot be had, or is out of date, counts as an empty one, unless the tenant insists on it (MS-WCCE 3.2.2.6.2.1.2.5.1;
 * reference 03, 5.3 EK_EXPIRED_CRL).
 */
export async function ekIsNotRevoked({ services, ekHash, tenant }: AikEnrollment): Promise<void> {
  if (switchOf(tenant, 'attestation.revocationListUnavailable', false)) {
    if (switchOf(tenant, 'attestation.revocationHardFail', false)) throw new Fault('attestation.noValidEk');
    return;
  }
  if (await services.em.existsBy(EkRevocation, { ekHash })) throw new Fault('attestation.noValidEk');
}

/** By version, and by the trace that weak keys bear when the tenant wants that looked at too. */
export async function firmwareIsNotVulnerable({ services, authority, ek, tenant }: AikEnrollment): Promise<void> {
  if (switchOf(tenant, 'attestation.allowVulnerableFirmware', false)) return;
  const version = decodeTpmVersion(ek.identity.version);
  const known = version !== undefined && (await isVulnerableFirmware(services.em, authority.vendor, version));
  const weak = switchOf(tenant, 'attestation.checkModulus', false) && hasWeakModulus(ek.certificate.publicKey);
  if (known || weak) throw new Fault('attestation.vulnerableFirmware');
}

const hasWeakModulus = (key: KeyObject): boolean => key.asymmetricKeyType === 'rsa' && isWeakModulus(rsaNumbers(key).modulus);
