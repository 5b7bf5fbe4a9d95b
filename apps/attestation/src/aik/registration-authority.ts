import { createHash, type KeyObject } from 'node:crypto';
import { issueRaEncryption, issueRaSigning } from '@greenscreen/crypto/aik-certificate';
import { type Authority } from '@greenscreen/host/authority';
import { aikIssuing, aikRegistration, issuerUrl, tpmRoot } from '@greenscreen/host/authority/definitions';
import { injectedDefect } from '@greenscreen/host/injection';
import { type AikAuthority } from '@greenscreen/model/attestation';
import { type AttestationServices } from '../attestation-services.js';

const DAY_MS = 86_400_000;
const LIFETIME_MS = 365 * DAY_MS;
const BACKDATED_MS = 600_000;
/** How far an injected `not_yet_valid` puts a certificate into the future (reference 03, 5.3 CLOCK_SKEW). */
const SKEW_MS = 3_600_000;

type Role = 'signing' | 'encryption';

/** A certificate of the registration authority, and its key. */
export interface RaIdentity {
  /** DER. */
  readonly certificate: Buffer;
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
}

/** Everything that speaks for an authority of the AIK service. */
export interface RegistrationAuthority {
  readonly root: Authority;
  readonly issuing: Authority;
  readonly signing: RaIdentity;
  readonly encryption: RaIdentity;
  /** Address of the issuing authority's certificate. */
  readonly issuerUrl: string;
}

/** Loads an authority's keys, makes those that are missing, and issues the day's RA certificates. */
export async function registrationAuthority(
  { authorities, clock }: AttestationServices,
  authority: AikAuthority,
): Promise<RegistrationAuthority> {
  const [root, issuing, signing, encryption, now] = await Promise.all([
    authorities.get(tpmRoot),
    authorities.get(aikIssuing(authority.region, authority)),
    authorities.get(aikRegistration(authority.region, authority, 'signing')),
    authorities.get(aikRegistration(authority.region, authority, 'encryption')),
    clock.now(),
  ]);
  const url = issuerUrl(authority.region, authority, issuing.certificate);
  const identity = (role: Role, { privateKey, publicKey }: Authority): RaIdentity => ({
    certificate: certificateOf(role, { issuing, publicKey, url, now }),
    key: privateKey,
    publicKey,
  });
  return { root, issuing, signing: identity('signing', signing), encryption: identity('encryption', encryption), issuerUrl: url };
}

interface RaCertificateInput {
  readonly issuing: Authority;
  readonly publicKey: KeyObject;
  readonly url: string;
  readonly now: Date;
}

/**
 * The day's certificate. RSA signatures are the same every time, and so is everything else that goes in: each replica issues the same bytes,
 * and they follow the clock.
 */
function certificateOf(role: Role, { issuing, publicKey, url, now }: RaCertificateInput): Buffer {
  const day = Math.floor(now.getTime() / DAY_MS);
  const defect = injectedDefect('cert');
  const injected = defect?.target === 'ra' ? defect.defect : undefined;
  const id = `${issuing.name}|${role}|${day}|${injected ?? ''}`;
  const known = issued.get(id);
  if (known) return known;
  const notBefore = new Date(beginning(injected, day * DAY_MS, now));
  const issue = role === 'signing' ? issueRaSigning : issueRaEncryption;
  const certificate = issue({
    serial: serialOf(id, issuing.certificate),
    publicKey,
    issuer: issuing,
    issuerUrl: url,
    notBefore,
    notAfter: new Date(notBefore.getTime() + LIFETIME_MS),
  });
  if (issued.size >= KEPT) issued.clear();
  issued.set(id, certificate);
  return certificate;
}
const issued = new Map<string, Buffer>();
const KEPT = 64;

function beginning(defect: string | undefined, today: number, now: Date): number {
  if (defect === 'not_yet_valid') return now.getTime() + SKEW_MS;
  return defect === 'expired' ? now.getTime() - LIFETIME_MS - DAY_MS : today - BACKDATED_MS;
}

/** 16 bytes, positive: of the authority, the role and the day. */
function serialOf(id: string, issuer: Buffer): Buffer {
  const serial = createHash('sha256').update(issuer).update(id).digest().subarray(0, 16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}
