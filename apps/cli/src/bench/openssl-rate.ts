import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** RSA-2048 signatures a second that OpenSSL makes on one core of this machine now; undefined without the program. */
export async function opensslSigningRate(): Promise<number | undefined> {
  try {
    const { stdout } = await run('openssl', ['speed', '-seconds', '2', '-mr', 'rsa2048']);
    // "+F2:2:2048:<signatures a second>:<verifications a second>…"
    const rate = Number(/^\+F2:\d+:2048:([\d.e+]+):/m.exec(stdout)?.[1]);
    return rate > 0 ? rate : undefined;
  } catch {
    return undefined;
  }
}
