import { tpmU16 } from '@greenscreen/wire/tpm';
import { TpmError } from '../tpm.js';
import { run } from './command.js';
import { type TpmTransport } from './transport.js';

/** TPM_SU_CLEAR */
const CLEAR = 0;
/** TPM_RC_INITIALIZE: somebody has started it already. */
const STARTED = 0x100;

/** TPM2_Startup, unless that has been done: by firmware on a PC, by nobody on a fresh emulator. */
export async function startUp(transport: TpmTransport): Promise<void> {
  try {
    await run(transport, { name: 'startup', parameters: [tpmU16(CLEAR)] });
  } catch (error) {
    if (!(error instanceof TpmError) || error.code !== STARTED) throw error;
  }
}
