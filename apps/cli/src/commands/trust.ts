import { defaultDataDir, readCloudSettings } from '@greenscreen/all/settings';
import { TLS_ROOT_NAME } from '@greenscreen/host/authority/definitions';
import { ControlClient } from '@greenscreen/scenarios/cloud';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
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

/**
 * Writes the trust bundle and, apart, the TLS root; says how programs and systems are told of them, and how they forget them. Systems get the TLS root
 * alone: it is the one that is constrained to the lab's names, and its name cannot be mistaken.
 */
export async function trust({ control, out: file }: { control?: string; out?: string }, out: Console): Promise<number> {
  const bundle = resolve(await writeRoots(controlAddress(control), file ?? defaultRootsFile()));
  const root = join(dirname(bundle), 'greenscreen.crt');
  const { pem, thumbprint } = tlsRootIn(readFileSync(bundle, 'utf8'));
  writeFileSync(root, pem);
  const title = out.style.bold;
  out.line(`${bundle}   every root of this installation, for programs
${root}   its TLS root, for systems: it may vouch for the emulated hosts and the lab's domains only

${title('A program')}
  curl, OpenSSL, Go   CURL_CA_BUNDLE=${bundle} SSL_CERT_FILE=${bundle}
  Node.js             NODE_EXTRA_CA_CERTS=${bundle}
  Python requests     REQUESTS_CA_BUNDLE=${bundle}

${title('Debian, Ubuntu')}
  sudo cp ${root} /usr/local/share/ca-certificates/ && sudo update-ca-certificates
  undo: sudo rm /usr/local/share/ca-certificates/greenscreen.crt && sudo update-ca-certificates --fresh

${title('Fedora, RHEL')}
  sudo cp ${root} /etc/pki/ca-trust/source/anchors/ && sudo update-ca-trust
  undo: sudo rm /etc/pki/ca-trust/source/anchors/greenscreen.crt && sudo update-ca-trust

${title('macOS')}
  sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${root}
  undo: sudo security delete-certificate -Z ${thumbprint} /Library/Keychains/System.keychain

${title('Windows')}, as administrator (during set-up: Shift+F10), beside the file greenscreen.crt
  certutil -addstore -f Root greenscreen.crt
  undo: certutil -delstore Root ${thumbprint}

${title('Firefox')} has a store of its own: Settings, Certificates, Import; or the policy ImportEnterpriseRoots.`);
  return exitCodes.ok;
}

/** PEM and SHA-1 thumbprint. */
function tlsRootIn(bundle: string): { pem: string; thumbprint: string } {
  for (const [pem] of bundle.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g)) {
    const { subject, fingerprint } = new X509Certificate(pem);
    if (subject === `CN=${TLS_ROOT_NAME}`) return { pem, thumbprint: fingerprint.replaceAll(':', '') };
  }
  throw new CommandError('The bundle holds no TLS root: is this the control API of Greenscreen?');
}
