import { defaultDataDir, readCloudSettings } from '@greenscreen/all';
import { ControlClient } from '@greenscreen/scenarios/cloud';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { controlAddress } from '../cloud/addresses.js';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { CommandError, explain } from '../problem.js';

/** Where the trust bundle goes unless somebody says otherwise: beside the data. */
export const defaultRootsFile = (dataDir = readCloudSettings().dataDir ?? defaultDataDir()): string => join(dataDir, 'roots.pem');

/** Fetches the installation's roots and writes them to a file, whose name is returned. */
export async function writeRoots(control: string, file: string): Promise<string> {
  const client = new ControlClient(control);
  try {
    const pem = await client.roots();
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, pem);
    return file;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw new CommandError(`The trust bundle could not be written: ${explain(error)}`, { cause: error });
    throw error;
  } finally {
    await client.close();
  }
}

/** Writes the trust bundle and says how programs are told of it. */
export async function trust({ control, out: file }: { control?: string; out?: string }, out: Console): Promise<number> {
  const written = await writeRoots(controlAddress(control), file ?? defaultRootsFile());
  out.line(`${written}

Its TLS root may vouch for the emulated hosts and the lab's domains only. Trust it on test machines, and only there:

  curl, OpenSSL      curl --cacert ${written} …
  Node.js            NODE_EXTRA_CA_CERTS=${written}
  Python requests    REQUESTS_CA_BUNDLE=${written}
  Debian, Ubuntu     cp ${written} /usr/local/share/ca-certificates/greenscreen.crt && update-ca-certificates
  macOS              security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db ${written}
  Windows            certutil -addstore Root roots.pem   (as administrator)`);
  return exitCodes.ok;
}
