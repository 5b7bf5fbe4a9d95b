import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { type Duplex } from 'node:stream';
import { TpmError } from '../tpm.js';

/** Takes one command after another; a TPM does one thing at a time. */
export interface TpmTransport {
  readonly transmit: (command: Buffer) => Promise<Buffer>;
  readonly close: () => Promise<void>;
}

/** Where a TPM 2.0 listens: a UNIX socket or TCP port of swtpm, or a device file such as `/dev/tpmrm0`. */
export type TpmAddress = { readonly path: string } | { readonly host: string; readonly port: number } | { readonly device: string };

/** Response header: tag, size, code. */
const HEADER = 10;
/** A TPM's answers are smaller than its NV buffer (TPM2_PT_MAX_RESPONSE_SIZE is 4096 everywhere). */
const RESPONSE_LIMIT = 4096;

export async function openTransport(address: TpmAddress): Promise<TpmTransport> {
  return 'device' in address ? deviceTransport(address.device) : socketTransport(address);
}

async function deviceTransport(device: string): Promise<TpmTransport> {
  const file = await open(device, 'r+');
  return oneByOne({
    transmit: async (command) => {
      await file.write(command);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(RESPONSE_LIMIT), 0, RESPONSE_LIMIT, null);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  });
}

async function socketTransport(address: { path: string } | { host: string; port: number }): Promise<TpmTransport> {
  const socket = connect(address);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return streamTransport(socket);
}

/** A TPM at the other end of a stream that is open already. */
export function streamTransport(stream: Duplex): TpmTransport {
  return oneByOne({
    transmit: (command) => {
      const answer = readResponse(stream);
      if (!stream.destroyed) stream.write(command);
      return answer;
    },
    close: () =>
      new Promise((resolve) => {
        if (stream.closed) return resolve();
        stream.once('close', () => resolve());
        stream.destroy();
      }),
  });
}

function readResponse(socket: Duplex): Promise<Buffer> {
  if (socket.destroyed) return Promise.reject(closedConnection());
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const settle = (work: () => void): void => {
      socket.off('data', read);
      socket.off('error', fail);
      socket.off('close', closed);
      work();
    };
    const read = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length >= HEADER && bytes.length >= bytes.readUInt32BE(2)) settle(() => resolve(bytes));
    };
    const fail = (error: Error): void => settle(() => reject(error));
    const closed = (): void => settle(() => reject(closedConnection()));
    socket.on('data', read);
    socket.once('error', fail);
    socket.once('close', closed);
  });
}

const closedConnection = (): TpmError => new TpmError(0, 'The TPM closed the connection');

/** Queues commands: two at once would read each other's answers. */
function oneByOne({ transmit, close }: TpmTransport): TpmTransport {
  let last: Promise<unknown> = Promise.resolve();
  return {
    transmit: (command) => {
      const answer = last.then(() => transmit(command));
      last = answer.catch(() => undefined);
      return answer;
    },
    close,
  };
}
