import { tpmU32 } from '@greenscreen/wire/tpm';
import { TpmError } from '../tpm.js';
import { run } from './command.js';
import { type TpmTransport } from './transport.js';

/** The device's keys are persistent: a TPM without a resource manager has three slots for transient ones. */
const FIRST = 0x81010200;
const LAST = 0x810102ff;
const TPM_CAP_HANDLES = 1;
const AT_A_TIME = 64;
/** TPM_RC_NV_SPACE */
const NO_SPACE = 0x14b;

/** Persistent handles that are for this device's keys. What else the TPM holds belongs to others. */
export class PersistentHandles {
  private constructor(private readonly taken: Set<number>) {}

  static async read(transport: TpmTransport): Promise<PersistentHandles> {
    const { parameters } = await run(transport, {
      name: 'getCapability',
      parameters: [TPM_CAP_HANDLES, FIRST, AT_A_TIME].map(tpmU32),
    });
    parameters.take(1 + 4); // whether there is more, and the capability
    const handles = Array.from({ length: parameters.u32() }, () => parameters.u32());
    return new PersistentHandles(new Set(handles.filter((handle) => handle <= LAST)));
  }

  /** A handle that nobody has. Throws TpmError when all are taken. */
  take(): number {
    for (let handle = FIRST; handle <= LAST; handle += 1) {
      if (this.taken.has(handle)) continue;
      this.taken.add(handle);
      return handle;
    }
    throw new TpmError(NO_SPACE, 'The TPM has no room for another key');
  }

  /** Whether the handle is one of the device's own; it is free from here on. */
  release(handle: number): boolean {
    return this.taken.delete(handle);
  }
}
