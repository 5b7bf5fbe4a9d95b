import { type KeyObject } from 'node:crypto';
import { aikAuthorityKeyId, encodeTpmVersion, type EkCertificateQuirks, issueEkCertificate } from '@greenscreen/crypto/ek-certificate';
import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { decodeCertificate } from '@greenscreen/crypto/x509';
import { type Authority, type AuthorityStore } from '@greenscreen/host/authority';
import { EK_END, type EkVendorAuthorities } from '@greenscreen/host/authority/definitions';
import { certificateFingerprint } from '@greenscreen/host/identity';
import { AikAuthority, EkCertificate, revokeEk } from '@greenscreen/model/attestation';
import { amdEkId, intelEkHash } from '@greenscreen/wire/ek-services';
import { ekHashOf } from '@greenscreen/wire/hardware-hash';
import { type AikRegion } from '@greenscreen/wire/scep';
import { type EntityManager } from 'typeorm';
import { onDieFactory, vendorFactory } from './ek-factory.js';

export const ekDefects = ['none', 'expired', 'wrong_key', 'unknown_ca', 'revoked'] as const;
export type EkDefect = (typeof ekDefects)[number];

export interface EkOrder {
  readonly ek: KeyObject;
  readonly vendor: EkVendorAuthorities;
  readonly model: string;
  /** `7.62`, or `id:0007003E`. */
  readonly firmware: string;
  readonly defect: EkDefect;
  /** The vendor's service serves the certificate. */
  readonly publish: boolean;
  readonly quirks: EkCertificateQuirks;
  /** 16 random bytes. */
  readonly serial: Buffer;
  readonly region: AikRegion;
  /** Certified by the authorities in an Intel chip. */
  readonly onDie: boolean;
  readonly now: Date;
}

/** An EK certificate as it leaves the factory. */
export interface ManufacturedEk {
  readonly record: EkCertificate;
  /** Authorities above it, the issuer first. */
  readonly chain: readonly Buffer[];
  /** Those of them that live in the chip and go into NV. */
  readonly onDie: readonly Buffer[];
  /** The authority of the AIK service that its TPM has to ask. */
  readonly authority: Pick<AikAuthority, 'vendor' | 'keyId' | 'region'>;
}

const YEAR_MS = 365 * 86_400_000;

/** Issues the certificate: what a vendor does in its factory (reference 06, D-A58), with the defect that is asked for. */
export async function manufactureEk(authorities: AuthorityStore, order: EkOrder): Promise<ManufacturedEk> {
  const { vendor, ek, now } = order;
  const { label, manufacturer } = vendor.vendor;
  const { issuer, chain, onDie, addresses } = await (order.onDie ? onDieFactory(authorities) : vendorFactory(authorities, vendor));
  const der = issueEkCertificate({
    identity: { manufacturer, model: order.model, version: encodeTpmVersion(order.firmware) },
    ek: order.defect === 'wrong_key' ? (await anotherKey(ek)).publicKey : ek,
    serial: positive(order.serial),
    notBefore: new Date(now.getTime() - 2 * YEAR_MS),
    notAfter: order.defect === 'expired' ? new Date(now.getTime() - YEAR_MS) : EK_END,
    issuer: order.defect === 'unknown_ca' ? await impostor(issuer) : issuer,
    ...addresses,
    quirks: order.quirks,
  });
  const certificates = chain.map(({ certificate }) => certificate);
  const keyId = aikAuthorityKeyId(decodeCertificate(der), certificates.map(decodeCertificate));
  if (keyId === undefined) throw new Error('EK certificates name their issuer’s key');
  return {
    record: recordOf(order, der, issuer.name),
    chain: certificates,
    onDie: certificates.slice(0, onDie),
    authority: { vendor: label, keyId, region: order.region },
  };
}

/** Stores it, and registers the authority of the AIK service that its vendor leads to. */
export async function recordEk(em: EntityManager, { record, authority }: ManufacturedEk, { defect, now }: EkOrder): Promise<void> {
  await em.insert(EkCertificate, record);
  await em
    .createQueryBuilder()
    .insert()
    .into(AikAuthority)
    .values({ ...authority, enabled: true, createdAt: now })
    .orIgnore()
    .execute();
  if (defect === 'revoked') await revokeEk(em, record.ekHash, now);
}

const recordOf = ({ ek, vendor, serial, publish, now }: EkOrder, der: Buffer, issuer: string): EkCertificate => ({
  fingerprint: certificateFingerprint(der),
  ekHash: ekHashOf(ek),
  vendor: vendor.vendor.label,
  issuer,
  serial: positive(serial).toString('hex').toUpperCase(),
  der,
  published: publish,
  intelHash: intelEkHash(ek),
  amdId: amdEkId(ek),
  issuedAt: now,
});

/** Neither a sign byte nor a leading zero. */
function positive(serial: Buffer): Buffer {
  const bytes = Buffer.from(serial);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

const anotherKey = (ek: KeyObject): Promise<KeyPair> => generateKeyPair(ek.asymmetricKeyType === 'ec' ? 'ec-p256' : 'rsa2048');

/** Somebody who bears the authority's name and not its key. */
async function impostor({ certificate, publicKey }: Authority): Promise<Pick<Authority, 'certificate' | 'privateKey'>> {
  return { certificate, privateKey: (await anotherKey(publicKey)).privateKey };
}
