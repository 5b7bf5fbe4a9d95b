import { attestationPlatforms, encodeKeyAttestationStatement } from '@greenscreen/wire/scep';
import { type DeviceTraits } from '../../context/index.js';
import { type TpmAik } from '../../tpm/index.js';
import { type AttestContext } from '../attest-context.js';
import { AttestationError } from '../attestation-error.js';

/** The Windows AIK, and what it says of its own making. */
export interface AikKey {
  readonly key: TpmAik;
  /** KeyAttestationStatement. */
  readonly statement: Buffer;
}

/** How a TPM that has lost its state shows itself (reference 05, 46). */
const faults: Readonly<Record<NonNullable<DeviceTraits['tpm']['fault']>, number | undefined>> = {
  none: undefined,
  bad_keyset: 0x80090016,
  locked: 0x80090031,
  internal: 0x80290407,
  fips: 0x80280036,
};

/** Makes the AIK and has it certify its creation. Throws TpmError, or a final AttestationError when the TPM is of no use. */
export async function createAikKey({ tpm, traits }: Pick<AttestContext, 'tpm' | 'traits'>): Promise<AikKey> {
  const fault = faults[traits.tpm.fault ?? 'none'];
  if (fault !== undefined) throw new AttestationError(fault, 'The TPM cannot use its keys', true);
  const key = await tpm.createAik();
  const { attest, signature } = await tpm.certifyCreation(key);
  const statement = encodeKeyAttestationStatement({ publicArea: key.publicArea, creationData: key.creationData, attest, signature });
  return { key, statement: traits.tpm.spec === '1.2' ? ofTpm12(statement) : statement };
}

const PLATFORM_AT = 8;

/** A statement that names itself one of a TPM 1.2: no service takes it (reference 03, 5.3 TPM_12). */
function ofTpm12(statement: Buffer): Buffer {
  const bytes = Buffer.from(statement);
  bytes.writeUInt32LE(attestationPlatforms.tpm12, PLATFORM_AT);
  return bytes;
}
