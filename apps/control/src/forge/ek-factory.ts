import { decodeCertificate } from '@greenscreen/crypto/x509';
import { type Authority, type AuthorityStore } from '@greenscreen/host/authority';
import {
  ekCertificateUrl,
  ekCrlUrl,
  type EkVendorAuthorities,
  odcaAuthority,
  odcaChain,
  odcaCrlUrl,
  odcaOnDie,
} from '@greenscreen/host/authority/definitions';

/** Who certifies EKs at a vendor, and what certificates say about it. */
export interface EkFactory {
  readonly issuer: Authority;
  /** Every authority above the EK, nearest first. */
  readonly chain: readonly Authority[];
  /** How many of them live in the chip. */
  readonly onDie: number;
  readonly addresses: { readonly issuerUrl?: string; readonly crlUrl: string; readonly crlIssuer?: Buffer };
}

/** A vendor's two authorities. */
export async function vendorFactory(authorities: AuthorityStore, { vendor, issuing, root }: EkVendorAuthorities): Promise<EkFactory> {
  const [issuer, top] = await Promise.all([authorities.get(issuing), authorities.get(root)]);
  return {
    issuer,
    chain: [issuer, top],
    onDie: 0,
    addresses: { issuerUrl: ekCertificateUrl(vendor.label, 'issuing', issuer), crlUrl: ekCrlUrl(vendor.label, 'issuing') },
  };
}

/** Intel's authorities in the chip: nobody can download the issuer, and another one signs its list (reference 03, 1.6). */
export async function onDieFactory(authorities: AuthorityStore): Promise<EkFactory> {
  const [issuer, ...above] = await Promise.all(odcaChain.map((definition) => authorities.get(definition)));
  if (!issuer) throw new Error('There are on-die authorities');
  const csme = await authorities.get(odcaAuthority('csme'));
  return {
    issuer,
    chain: [issuer, ...above],
    onDie: odcaOnDie.length,
    addresses: { crlUrl: odcaCrlUrl, crlIssuer: decodeCertificate(csme.certificate).subject.raw },
  };
}
