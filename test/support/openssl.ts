import { spawn } from 'node:child_process';

/** Runs the `openssl` program; its output. Throws with what it said when it fails. */
export function openssl(args: readonly string[], input: Buffer | string = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', args);
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output).toString('utf8'));
      else reject(new Error(`openssl ${args.join(' ')}: ${Buffer.concat([...output, ...errors]).toString('utf8')}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
