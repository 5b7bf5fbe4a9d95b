import { ScepError } from '@greenscreen/wire/scep';
import { asSequence, decodeDer, nul, seq, tagClasses, tags } from '../der/index.js';
import { scepGuard } from './guard.js';

/** Plaintext of szOID_ENROLL_EK_INFO (MS-WCCE; reference 03, 2.9). */
export interface EkInfo {
  /** SubjectPublicKeyInfo of the EK, DER. */
  readonly spki: Buffer;
  /** The manufacturer's EK certificate first, at most three; none when the device has none. */
  readonly certificates: readonly Buffer[];
}

const MOST_CERTIFICATES = 3;

/** `SEQUENCE SIZE(2..5) OF ANY`: the key, then certificates, or NULL in the place of the first. */
export const encodeEkInfo = ({ spki, certificates }: EkInfo): Buffer => seq(spki, ...(certificates.length > 0 ? certificates : [nul()]));

/** The certificates are not decoded here. Throws {@link ScepError}. */
export const decodeEkInfo = (der: Buffer): EkInfo =>
  scepGuard('EK_INFO', () => {
    const [spki, ...rest] = asSequence(decodeDer(der));
    if (!spki || rest.length === 0) throw new ScepError('EK_INFO needs a key and a certificate or NULL');
    const certificates = rest.filter(({ tagClass, tag }) => tagClass !== tagClasses.universal || tag !== tags.null);
    if (certificates.length > MOST_CERTIFICATES) throw new ScepError('too many certificates in EK_INFO');
    return { spki: spki.raw, certificates: certificates.map(({ raw }) => raw) };
  });
