import { spkiOf } from '@greenscreen/crypto/keys';
import { encodeCsr } from '@greenscreen/crypto/pkcs10';
import { commonName, encodeName } from '@greenscreen/crypto/x509';
import { type DsregContext } from './dsreg-context.js';
import { type TpmKey } from '../tpm/index.js';

/** Windows writes the terminating NUL into the PrintableString as well (reference 02, 10.1 [doc: MS-DVRJ 4.1]). */
const SUBJECT = '7E980AD9-B86D-4306-9425-9AC066FB014A\0';

/** The certificate request of a join, signed by the device key in the TPM. DER. */
export const joinCsr = ({ tpm }: Pick<DsregContext, 'tpm'>, key: TpmKey): Promise<Buffer> =>
  encodeCsr({ subject: encodeName(commonName(SUBJECT)), spki: spkiOf(key.publicKey) }, (digest) => tpm.sign(key, digest));
