import { statSync } from 'node:fs';
import { connectTpm } from './commands/command-tpm.js';
import { type TpmAddress } from './commands/transport.js';
import { startSwtpm, type SwtpmOptions } from './swtpm.js';
import { type Tpm } from './tpm.js';

/** The text names no TPM. */
export class TpmPlaceError extends Error {
  constructor(place: string, reason: string) {
    super(`"${place}" ${reason}: a TPM is a device file (/dev/tpmrm0), a socket or host:port of swtpm, or the state folder of one`);
    this.name = 'TpmPlaceError';
  }
}

/**
 * The TPM at a place that a person has named: `/dev/tpmrm0`, a UNIX socket of swtpm, `127.0.0.1:2321`, or the folder in which swtpm keeps the state
 * of a virtual machine that is off. Throws TpmPlaceError, SwtpmMissingError, TpmError, or the error of the socket or file.
 */
export function openTpm(place: string, ek: SwtpmOptions['ek']): Promise<Tpm> {
  const there = statSync(place, { throwIfNoEntry: false });
  if (there?.isDirectory()) return startSwtpm({ ek, stateDir: place });
  return connectTpm(addressOf(place, there), { ek });
}

function addressOf(place: string, there: ReturnType<typeof statSync>): TpmAddress {
  if (there?.isSocket()) return { path: place };
  if (there?.isCharacterDevice()) return { device: place };
  if (there) throw new TpmPlaceError(place, 'is a file');
  const [, host, port] = /^([\w.-]+|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(place) ?? [];
  if (host === undefined || Number(port) > 65_535) throw new TpmPlaceError(place, 'is not there');
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
