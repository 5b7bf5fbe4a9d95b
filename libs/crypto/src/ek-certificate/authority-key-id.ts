import { enrollmentOids } from '@greenscreen/wire/scep';
import { asOctets, decodeDer, octets } from '../der/index.js';
import { type Certificate, certificateGuard, type Extension, keyIdentifiers } from '../x509/index.js';

/** On an EK authority: the key id that its AIK authority is named after, where that is not the one of the issuing key (reference 03, 2.1). */
export const ekAuthorityKeyId = (keyId: Buffer): Extension => ({
  oid: enrollmentOids.ekAuthorityKeyId,
  critical: false,
  value: octets(keyId),
});

const namedKeyId = (certificate: Certificate): string | undefined =>
  certificateGuard('EK authority key id', () => {
    const extension = certificate.extensions.get(enrollmentOids.ekAuthorityKeyId);
    return extension && asOctets(decodeDer(extension.value)).toString('hex');
  });

/**
 * The key id in the host name of an EK's AIK authority, lower-case hex: what an authority of its chain says, else the key id of its issuer.
 * Undefined when neither is given. `authorities`: the chain above the leaf, as far as it is known.
 */
export function aikAuthorityKeyId(ek: Certificate, authorities: readonly Certificate[]): string | undefined {
  return authorities.map(namedKeyId).find((keyId) => keyId !== undefined) ?? keyIdentifiers(ek).authority;
}

/** Every key id that an EK with this chain may come by: its issuer's, those of the authorities, and those that they name. */
export function acceptedKeyIds(ek: Certificate, authorities: readonly Certificate[]): ReadonlySet<string> {
  const issuer = keyIdentifiers(ek).authority;
  return new Set([...(issuer === undefined ? [] : [issuer]), ...authorities.flatMap(ekAuthorityKeyIds)]);
}

/** Key ids that EKs below an authority may come by: its own, and the one that it names. */
export const ekAuthorityKeyIds = (authority: Certificate): string[] =>
  [keyIdentifiers(authority).subject, namedKeyId(authority)].filter((id) => id !== undefined);
