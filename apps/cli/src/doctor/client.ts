import { type ControlClient } from '@greenscreen/scenarios/cloud';
import { spawnSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { connect } from 'node:tls';
import { type Finding } from './finding.js';
import { runs } from './machine.js';

export interface ClientCheck {
  readonly control: ControlClient;
  readonly gateway: { readonly host: string; readonly port: number };
}

/** One of each way in: the token service, registration, profiles, and a name that only a name server knows. */
const NAMES = [
  'login.microsoftonline.com',
  'enterpriseregistration.windows.net',
  'ztd.dds.microsoft.com',
  'ntc-keyid-0.microsoftaik.azure.net',
];
const PATIENCE_MS = 5_000;
/** Windows allows five minutes in tickets and less in some certificates. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * What a client on this machine would meet: whether names lead to the lab, whether the system trusts it, whether the clocks agree. Names are looked up,
 * but nothing is sent to an address outside this machine's own networks: where a name still leads to the real service, that is the finding.
 */
export async function clientFindings({ control, gateway }: ClientCheck): Promise<Finding[]> {
  const roots = await control.roots();
  const at = { address: gateway.host, port: gateway.port };
  return [
    await answersAt(at, roots),
    ...(await Promise.all(NAMES.map((name) => leads(name, roots)))),
    systemTrust(gateway),
    clocks(await control.now()),
  ];
}

async function answersAt({ address, port }: { address: string; port: number }, roots: string): Promise<Finding> {
  const problem = await handshake(address, port, 'login.microsoftonline.com', roots);
  if (problem === undefined) return { grade: 'ok', text: `the gateway answers at ${address}:${port} with this installation's certificate` };
  return { grade: 'bad', text: `the gateway at ${address}:${port}: ${problem}` };
}

async function leads(name: string, roots: string): Promise<Finding> {
  let address: string;
  try {
    ({ address } = await lookup(name));
  } catch {
    return { grade: 'note', text: `${name} does not resolve here: "greenscreen hosts" and "greenscreen dns" change that` };
  }
  if (!own.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'))
    return { grade: 'note', text: `${name} leads to the real service (${address}): "greenscreen hosts" and "greenscreen dns" change that` };
  const problem = await handshake(address, 443, name, roots);
  if (problem === undefined) return { grade: 'ok', text: `${name} leads to the lab (${address})` };
  return { grade: 'bad', text: `${name} leads to ${address}, but port 443 there: ${problem}` };
}

/** Loopback and private addresses. */
const own = new BlockList();
own.addSubnet('127.0.0.0', 8);
own.addSubnet('10.0.0.0', 8);
own.addSubnet('172.16.0.0', 12);
own.addSubnet('192.168.0.0', 16);
own.addSubnet('169.254.0.0', 16);
own.addAddress('::1', 'ipv6');
own.addSubnet('fc00::', 7, 'ipv6');
own.addSubnet('fe80::', 10, 'ipv6');

/** What is wrong with a handshake for the name; undefined when nothing is. */
function handshake(host: string, port: number, servername: string, ca: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, servername, ca, timeout: PATIENCE_MS });
    const end = (problem?: string): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('secureConnect', () => end());
    socket.once('timeout', () => end('nothing answers'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' ? 'nothing listens there' : `it is not this installation's (${error.message})`),
    );
  });
}

/** curl's exit code for a certificate that the system does not trust. */
const CURL_UNTRUSTED = 60;

function systemTrust({ host, port }: ClientCheck['gateway']): Finding {
  if (!runs('curl')) return { grade: 'note', text: 'curl is not installed: whether this system trusts the roots is not known' };
  const url = 'https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration';
  const { status } = spawnSync('curl', ['-s', '-o', '-', '--connect-to', `::${host}:${port}`, url], {
    stdio: 'ignore',
    timeout: PATIENCE_MS,
  });
  if (status === 0) return { grade: 'ok', text: 'this system trusts the roots' };
  if (status === CURL_UNTRUSTED)
    return { grade: 'note', text: 'this system does not trust the roots: "greenscreen trust" says how it does' };
  return { grade: 'note', text: `whether this system trusts the roots is not known: curl ended with ${status ?? 'a signal'}` };
}

function clocks(now: Date): Finding {
  const ahead = now.getTime() - Date.now();
  if (Math.abs(ahead) < CLOCK_TOLERANCE_MS) return { grade: 'ok', text: "the cloud's clock is right" };
  return {
    grade: 'note',
    text: `the cloud's clock says ${now.toISOString()}: a client with another time refuses certificates and tokens ("greenscreen clock clear")`,
  };
}
