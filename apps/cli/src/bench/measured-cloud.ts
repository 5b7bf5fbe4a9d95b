import { type CloudAddress } from '@greenscreen/scenarios/run';
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../problem.js';
import { cloudMessage, type CloudMessage, type Ready, type Usage } from './messages.js';

/** A cloud in another process that can be asked what it has used. */
export class MeasuredCloud {
  private constructor(
    private readonly child: ChildProcess,
    readonly ready: Ready,
  ) {}

  /** With its data in that folder. */
  static async start(dataDir: string): Promise<MeasuredCloud> {
    const child = fork(fileURLToPath(new URL('./cloud-process.js', import.meta.url)), [dataDir], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const message = await nextMessage(child);
    if (message.kind === 'ready') return new MeasuredCloud(child, message);
    throw new CommandError(message.kind === 'failed' ? message.reason : 'The cloud did not start');
  }

  get address(): CloudAddress {
    const { gatewayPort, httpPort, controlPort } = this.ready;
    return { gateway: { host: '127.0.0.1', port: gatewayPort, httpPort }, control: `http://127.0.0.1:${controlPort}` };
  }

  async usage(): Promise<Usage> {
    const answer = nextMessage(this.child);
    this.child.send('usage');
    const message = await answer;
    if (message.kind !== 'usage') throw new CommandError('The cloud stopped in the middle of the measurement');
    return message;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) return resolve();
      this.child.once('exit', () => resolve());
      if (this.child.connected) this.child.send('stop');
    });
  }
}

function nextMessage(child: ChildProcess): Promise<CloudMessage> {
  return new Promise((resolve) => {
    const ended = (): void => resolve({ kind: 'failed', reason: 'The cloud ended without a word' });
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(cloudMessage.parse(message));
    });
  });
}
