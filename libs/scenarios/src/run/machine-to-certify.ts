import { type KeyPool } from '@greenscreen/crypto/keys';
import { SeededRandom } from '@greenscreen/crypto/seeded-random';
import { type AttestedIdentity, secureHardware } from '@greenscreen/device/attest';
import { createSimulatedDevice } from '@greenscreen/device/machine';
import { type Tpm } from '@greenscreen/device/tpm';
import { type ControlClient } from '../cloud/index.js';
import { type ScenarioDevice } from '../format/index.js';
import { manufacture } from './manufacture.js';
import { type RunEntry } from './run-entry.js';
import { type CloudAddress } from './run-types.js';
import { traitsOf } from './traits.js';

/** A PC that is switched on for nothing but "Securing your hardware". */
export interface MachineToCertify {
  /** From the EK certificate to the AIK certificate. Throws AttestationError. */
  certify(): Promise<AttestedIdentity>;
  /** `X-Greenscreen-Run` of its requests. */
  readonly run: string;
  readonly entries: readonly RunEntry[];
  close(): Promise<void>;
}

export interface MachineOptions {
  readonly device: ScenarioDevice;
  readonly cloud: CloudAddress;
  readonly control: ControlClient;
  readonly keys: KeyPool;
  /** Tells one PC from another. */
  readonly number: number;
  /** Its TPM, which it closes; one of software is made without it. */
  readonly tpm?: Tpm;
}

/** DeviceTpmKeyState of a device whose key login.live.com knows to be attested (reference 01, 4.1): it is not asked here. */
const ATTESTED = 4;

/** Makes the PC and, unless there is one, its TPM, in real time. Throws ControlError, TpmError. */
export async function machineToCertify(options: MachineOptions): Promise<MachineToCertify> {
  const { device, cloud, control, keys, number } = options;
  const random = new SeededRandom(`machine ${number}`);
  const traits = traitsOf({ device, seed: number, tenantId: '', serial: `${device.serial}-${number}` });
  const [roots, tpm] = await Promise.all([control.roots(), options.tpm ?? manufacture({ kind: 'software', traits, keys, control })]);
  const { gateway } = cloud;
  const run = random.uuid();
  const pc = createSimulatedDevice({
    traits,
    gateway,
    roots,
    run,
    tpm,
    keys,
    random,
    // Who brings a TPM waits for the outcome, not for what Windows does between attempts.
    clock: { skew: 0, ahead: 0, real: options.tpm === undefined },
    timePasses: () => Promise.resolve(),
  });
  return {
    certify: () => secureHardware(pc.context, { updateIdentity: () => Promise.resolve(ATTESTED) }),
    run,
    entries: pc.context.timeline.entries,
    close: () => pc.close(),
  };
}
