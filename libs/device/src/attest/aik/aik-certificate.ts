import { spkiOf } from '@greenscreen/crypto/keys';
import {
  type Certificate,
  CertificateError,
  ChainError,
  decodeCertificate,
  extendedKeyUsages,
  policyOids,
  verifyChain,
} from '@greenscreen/crypto/x509';
import { enrollmentOids, tcgOids } from '@greenscreen/wire/scep';
import { type StoredCertificate } from '../../context/index.js';
import { TpmError, type TpmKey } from '../../tpm/index.js';
import { type AttestContext } from '../attest-context.js';
import { type IssuedAik } from './enroll-aik.js';

/** An AIK with its certificate, as it lies on the device. */
export interface CertifiedAik {
  readonly key: TpmKey;
  readonly certificate: Buffer;
}

/** Keeps the certificate beside its key in the TPM, instead of any earlier one. */
export function installAikCertificate({ stores, timeline }: AttestContext, key: TpmKey, { certificate, issuer }: IssuedAik): CertifiedAik {
  for (const { thumbprint } of aikCertificates(stores)) stores.remove('LocalMachine\\My', thumbprint);
  const stored = stores.add('LocalMachine\\My', certificate.der, { kind: 'tpm', handle: key.handle });
  if (issuer) stores.add('LocalMachine\\CA', issuer.der);
  timeline.note({ kind: 'local', what: `AIK certificate ${stored.thumbprint} installed` });
  return { key, certificate: certificate.der };
}

/**
 * The AIK certificate of an earlier attempt, if it still serves: its key is in the TPM, the time is right, the issuer is trusted, and it says
 * that the EK certificate was verified. One that does not serve is replaced by the next enrollment [our choice].
 */
export async function findAikCertificate(context: AttestContext): Promise<CertifiedAik | undefined> {
  for (const { der, privateKey } of aikCertificates(context.stores)) {
    if (privateKey?.kind !== 'tpm' || !serves(context, decodeCertificate(der))) continue;
    const key = await keyAt(context, privateKey.handle);
    if (key && spkiOf(key.publicKey).equals(decodeCertificate(der).spki)) return { key, certificate: der };
  }
  return undefined;
}

const aikCertificates = (stores: AttestContext['stores']): readonly StoredCertificate[] =>
  stores.in('LocalMachine\\My').filter(({ der, privateKey }) => privateKey?.kind === 'tpm' && isAikCertificate(der));

/** Told from other certificates of the machine by its purpose. */
const isAikCertificate = (der: Buffer): boolean =>
  reads(() => extendedKeyUsages(decodeCertificate(der))?.includes(tcgOids.aikCertificate)) ?? false;

function serves({ stores, clock }: AttestContext, leaf: Certificate): boolean {
  const [roots, intermediates] = (['LocalMachine\\Root', 'LocalMachine\\CA'] as const).map((store) =>
    stores.in(store).map(({ der }) => decodeCertificate(der)),
  );
  return (
    reads(() => {
      verifyChain({ leaf, intermediates: intermediates ?? [], roots: roots ?? [], at: clock.now() });
      return policyOids(leaf).includes(enrollmentOids.ekVerifiedByCertificate);
    }) ?? false
  );
}

/** Undefined when the certificate cannot be read or leads nowhere. */
function reads<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof CertificateError || error instanceof ChainError) return undefined;
    throw error;
  }
}

async function keyAt({ tpm }: AttestContext, handle: number): Promise<TpmKey | undefined> {
  try {
    return await tpm.readKey(handle);
  } catch (error) {
    if (error instanceof TpmError) return undefined;
    throw error;
  }
}
