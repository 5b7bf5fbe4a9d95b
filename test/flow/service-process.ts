import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = (service: string): string => join(import.meta.dirname, `../../apps/${service}/dist/main.js`);

/**
 * A service in a process of its own (as built, see `npm run build`), behind an address that stays when the process does not. Nobody listens
 * there while there is no process.
 */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private relay: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;
  private strike: { readonly request: string; readonly answered: boolean; left: number; readonly struck: () => void } | undefined;

  constructor(
    readonly name: string,
    private readonly databaseUrl: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when it listens; rejects with what it printed when it ends instead. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [program(this.name)], {
      env: {
        ...process.env,
        GREENSCREEN_DATABASE_URL: this.databaseUrl,
        GREENSCREEN_LOG_LEVEL: 'info',
        GREENSCREEN_LOG_PRETTY: 'false',
        // The same code again and again: compiled once.
        NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/services'),
        [`GREENSCREEN_${this.name.toUpperCase()}_PORT`]: '0',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    const port = await portOf(this.name, child);
    this.relay = createServer((socket) => this.relayTo(port, socket));
    this.relay.listen(this.port, '127.0.0.1');
    await once(this.relay, 'listening');
    this.port = (this.relay.address() as AddressInfo).port;
  }

  /** SIGKILL; resolves when the process is gone and its address is free. */
  async kill(): Promise<void> {
    const { child, relay } = this;
    this.child = undefined;
    this.relay = undefined;
    if (!child) return;
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGKILL');
    for (const socket of this.sockets) socket.destroy();
    const closed = relay && new Promise((resolve) => relay.close(resolve));
    await Promise.all([gone, closed]);
  }

  /**
   * Kills it when the next request arrives that begins so (`POST /EnrollmentServer/`, whatever its case), before it has answered; then starts
   * it again. Resolves when it listens.
   */
  dieAt(request: string): Promise<void> {
    return this.die({ request, answered: false, left: 1 });
  }

  /**
   * Kills it when it has done what such a request is for, and its answer is on the way; nobody gets to see that. `nth`: not the first such
   * request. `request` may also be part of its body, if that comes in one piece.
   */
  dieAfter(request: string, nth = 1): Promise<void> {
    return this.die({ request, answered: true, left: nth });
  }

  private async die(strike: { readonly request: string; readonly answered: boolean; readonly left: number }): Promise<void> {
    await new Promise<void>((resolve) => {
      this.strike = { ...strike, request: strike.request.toLowerCase(), struck: resolve };
    });
    await this.kill();
    await this.start();
  }

  private isHitBy(chunk: Buffer): boolean {
    const { strike } = this;
    if (!strike) return false;
    const text = chunk.toString('latin1').toLowerCase();
    if (!(strike.answered ? text.includes(strike.request) : text.startsWith(strike.request))) return false;
    strike.left -= 1;
    return strike.left === 0;
  }

  private relayTo(port: number, client: Socket): void {
    const service = connect(port, '127.0.0.1');
    let answerIsLost = false;
    const struck = (): void => {
      this.strike?.struck();
      this.strike = undefined;
    };
    client.on('data', (chunk: Buffer) => {
      if (this.isHitBy(chunk)) {
        if (!this.strike?.answered) {
          struck();
          return;
        }
        answerIsLost = true;
      }
      service.write(chunk);
    });
    service.on('data', (chunk: Buffer) => {
      if (answerIsLost) struck();
      else client.write(chunk);
    });
    for (const [one, other] of [
      [client, service],
      [service, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.once('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}

/** Reads the log up to the line that says where it listens; what comes later is read too, so that the pipe never fills. */
function portOf(service: string, child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${service} ended (${code ?? signal}): ${said.join('\n')}`)));
    if (!child.stderr) throw new Error('its log is not read');
    createInterface(child.stderr).on('line', (line) => {
      const port = /"port":(\d+),"msg":"listening"/.exec(line)?.[1];
      if (port) resolve(Number(port));
      else said.push(line);
    });
  });
}
