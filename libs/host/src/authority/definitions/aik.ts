import { issueIssuingAuthority, issueRaEncryption, issueRaSigning, issueTpmRoot } from '@greenscreen/crypto/aik-certificate';
import { randomSerial } from '@greenscreen/crypto/x509';
import { type AikAuthorityName, type AikRegion, issuingAuthorityName, publicationUrl } from '@greenscreen/wire/scep';
import { createHash } from 'node:crypto';
import { type AuthorityDefinition, type AuthorityInput } from '../authority.js';
import { validFor } from './validity.js';

const ROOT_YEARS = 25;
const ISSUING_YEARS = 6;
const RA_YEARS = 1;

/** Names in the store begin so; what follows is the common name of the issuing authority. */
export const AIK_ISSUING_PREFIX = 'aik-issuing:';

/** Root of every AIK certificate. */
export const tpmRoot: AuthorityDefinition = {
  name: 'tpm-root',
  algorithm: 'rsa4096',
  certificate: ({ now, ...keys }) => issueTpmRoot(keys, validFor(ROOT_YEARS, now)),
};

/** The authority that issues the AIK certificates of one vendor key in one region. */
export function aikIssuing(region: AikRegion, authority: AikAuthorityName): AuthorityDefinition {
  const name = issuingAuthorityName(region, authority);
  return {
    name: AIK_ISSUING_PREFIX + name,
    algorithm: 'rsa4096',
    issuer: tpmRoot,
    certificate: (input) =>
      issueIssuingAuthority(input, { name, issuer: issuerOf(input).certificate, ...validFor(ISSUING_YEARS, input.now) }),
  };
}

/** GUID under which an issuing authority's certificate is published: made from the certificate, so that every replica knows it. */
export function publicationId(certificate: Buffer): string {
  const hex = createHash('sha256').update(certificate).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}

/** Address of an issuing authority's certificate. */
export const issuerUrl = (region: AikRegion, authority: AikAuthorityName, certificate: Buffer): string =>
  publicationUrl(region, authority, publicationId(certificate));

/** Keys of the registration authority that speaks for an issuing authority. Clients see certificates of the day, not these. */
export const aikRegistration = (region: AikRegion, authority: AikAuthorityName, role: 'signing' | 'encryption'): AuthorityDefinition => {
  const issuing = aikIssuing(region, authority);
  const issue = role === 'signing' ? issueRaSigning : issueRaEncryption;
  return {
    name: `aik-ra-${role}:${issuingAuthorityName(region, authority)}`,
    algorithm: 'rsa2048',
    issuer: issuing,
    certificate: (input) => {
      const issuer = issuerOf(input);
      return issue({
        serial: randomSerial(),
        publicKey: input.publicKey,
        issuer,
        issuerUrl: issuerUrl(region, authority, issuer.certificate),
        ...validFor(RA_YEARS + 1, input.now),
      });
    },
  };
};

function issuerOf({ issuer }: AuthorityInput): NonNullable<AuthorityInput['issuer']> {
  if (!issuer) throw new Error('This authority has an issuer');
  return issuer;
}
