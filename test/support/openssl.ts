import { spawn } from 'node:child_process';

/** Runs the `openssl` program; its output as text. Throws with what it said when it fails. */
export const openssl = async (args: readonly string[], input: Buffer | string = ''): Promise<string> =>
  (await opensslBytes(args, input)).toString('utf8');

/** The same, its output as it is. */
export function opensslBytes(args: readonly string[], input: Buffer | string = ''): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', args);
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output));
      else reject(new Error(`openssl ${args.join(' ')}: ${Buffer.concat([...output, ...errors]).toString('utf8')}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
