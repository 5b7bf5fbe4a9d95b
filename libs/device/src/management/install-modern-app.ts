import { decodeAppPackage, ImeCodecError } from '@greenscreen/wire/ime';
import { hresultOfWin32 } from '../background/index.js';
import { type DeviceContext, hresultOfStatus, NetworkError } from '../context/index.js';
import { type QueuedModernApp } from '../csp/index.js';

const SECOND_MS = 1000;
/** ERROR_INVALID_DATA, for a package that cannot be read. */
const UNREADABLE = 0x8007000d;

/** Downloads and installs a packaged app; its HRESULT, 0 when it is there. */
export async function installModernApp(
  { network, clock }: Pick<DeviceContext, 'network' | 'clock'>,
  { family, packageUri }: QueuedModernApp,
): Promise<number> {
  try {
    const response = await network.http({ service: 'content', operation: 'StoreContent', method: 'GET', url: packageUri });
    if (response.status !== 200) return hresultOfStatus(response.status);
    const { seconds, exitCode } = decodeAppPackage(response.body);
    await clock.wait(seconds * SECOND_MS, `${family} is installed`);
    return hresultOfWin32(exitCode);
  } catch (error) {
    if (error instanceof NetworkError) return error.hresult;
    if (error instanceof ImeCodecError) return UNREADABLE;
    throw error;
  }
}
