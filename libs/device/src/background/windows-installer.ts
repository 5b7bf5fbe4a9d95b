import { type DeviceClock } from '../context/index.js';

const SECOND_MS = 1000;

/** Exit codes of installers (Windows Installer error codes). */
export const exitCode = { success: 0, timeout: 1460, fatalError: 1603, alreadyRunning: 1618, rebootInitiated: 1641, rebootRequired: 3010 };

/** HRESULT_FROM_WIN32. */
export const hresultOfWin32 = (code: number): number => (code === 0 ? 0 : (0x80070000 | (code & 0xffff)) >>> 0);

/** What running a package comes to. */
export interface Package {
  readonly name: string;
  readonly seconds: number;
  readonly exitCode: number;
}

/** One installation at a time on a PC, whoever asks for it: the second is sent away with 1618 (reference 05, 84). */
export class WindowsInstaller {
  private running = false;

  constructor(private readonly clock: DeviceClock) {}

  /** Runs a package and returns its exit code; it is ended when it takes longer than the limit. */
  async run({ name, seconds, exitCode: result }: Package, limitMinutes = Infinity): Promise<number> {
    if (this.running) return exitCode.alreadyRunning;
    this.running = true;
    try {
      const limit = limitMinutes * 60;
      await this.clock.wait(Math.min(seconds, limit) * SECOND_MS, `${name} is installed`);
      return seconds > limit ? exitCode.timeout : result;
    } finally {
      this.running = false;
    }
  }
}
