import { type KeyPool } from '@greenscreen/crypto/keys';
import { type DeviceTraits } from '@greenscreen/device/context';
import { createSoftwareTpm, startSwtpm, type Tpm } from '@greenscreen/device/tpm';
import { type ControlClient } from '../cloud/index.js';
import { type ScenarioDevice } from '../format/index.js';

/** A TPM made of software, or the real TPM 2.0 emulator as a process of its own. */
export type TpmKind = 'software' | 'swtpm';

export interface Factory {
  readonly kind: TpmKind;
  readonly traits: DeviceTraits;
  readonly keys: KeyPool;
  readonly control: ControlClient;
  /** What is wrong with the EK certificate. */
  readonly defect?: ScenarioDevice['tpm']['ek']['cert_defect'];
}

/**
 * What happens to a TPM before it is sold: it gets an endorsement key, and its vendor's certificate for it, in NV or at the vendor's service
 * (reference 06, D-A58). Throws ControlError, TpmError.
 */
export async function manufacture({ kind, traits, keys, control, defect = 'none' }: Factory): Promise<Tpm> {
  const { vendor, firmware, ek } = traits.tpm;
  const tpm = kind === 'swtpm' ? await startSwtpm({ ek: ek.alg }) : await createSoftwareTpm({ ek: ek.alg, keys });
  try {
    if (ek.cert === 'absent' || traits.tpm.kind === 'none') return tpm;
    const { certificate } = await control.manufactureEk({
      ekPublic: tpm.endorsementKey.publicArea.toString('base64'),
      vendor,
      model: traits.model,
      firmware,
      publish: ek.cert === 'fetch',
      defect,
    });
    if (ek.cert === 'nv') await tpm.writeEkCertificate(certificate);
    return tpm;
  } catch (error) {
    await tpm.close();
    throw error;
  }
}
