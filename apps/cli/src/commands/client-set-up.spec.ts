import { type Cloud, startCloud } from '@greenscreen/all';
import { createLogger } from '@greenscreen/host/logging';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { type Console, processConsole } from '../output/console.js';
import { doctor } from './doctor.js';
import { hosts } from './hosts.js';
import { trust } from './trust.js';

let cloud: Cloud;
let folder: string;
const [lines, told]: [string[], string[]] = [[], []];
const out: Console = {
  ...processConsole(),
  line: (text = '') => void lines.push(text),
  progress: (text) => void told.push(text),
};
const control = (): string => `http://127.0.0.1:${cloud.controlPort}`;
const gateway = (): string => `https://127.0.0.1:${cloud.gatewayPort}`;

beforeAll(async () => {
  cloud = await startCloud({
    ephemeral: true,
    logger: createLogger({ level: 'silent' }),
    host: '127.0.0.1',
    gatewayPort: 0,
    httpPort: 0,
    controlPort: 0,
    empty: true,
  });
}, 60_000);
afterAll(() => cloud.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenscreen-'));
  lines.length = 0;
  told.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The name of what a server says of itself, to a client that trusts this alone. */
const speaksTo = (servername: string, ca: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: cloud.gatewayPort, servername, ca }, () => {
      socket.destroy();
      resolve(socket.authorized);
    });
    socket.once('error', reject);
  });

describe('greenscreen trust', () => {
  it('writes the bundle and, for systems, the TLS root alone, which is enough to speak to every service', async () => {
    const bundle = join(folder, 'roots.pem');
    expect(await trust({ control: control(), out: bundle }, out)).toBe(0);
    const [root, all] = [readFileSync(join(folder, 'greenscreen.crt'), 'utf8'), readFileSync(bundle, 'utf8')];
    expect(all).toContain(root);
    expect(all.length).toBeGreaterThan(root.length);
    expect(new X509Certificate(root).subject).toBe('CN=Greenscreen Mock TLS Root (lab use only)');
    for (const name of ['login.microsoftonline.com', 'ztd.dds.microsoft.com']) expect(await speaksTo(name, root)).toBe(true);
    await expect(speaksTo('www.bank.test', root)).rejects.toThrow();
  });

  it('names the certificate by its thumbprint where a system forgets it', async () => {
    await trust({ control: control(), out: join(folder, 'roots.pem') }, out);
    const thumbprint = new X509Certificate(readFileSync(join(folder, 'greenscreen.crt'))).fingerprint.replaceAll(':', '');
    const text = lines.join('\n');
    expect(text).toContain(`certutil -delstore Root ${thumbprint}`);
    expect(text).toContain(`security delete-certificate -Z ${thumbprint}`);
    expect(text).toContain('update-ca-certificates --fresh');
  });
});

describe('greenscreen hosts', () => {
  const theirs = '127.0.0.1 localhost\n10.0.0.1 printer\n';

  it('prints a block that the told command takes away again, and nothing else', () => {
    expect(hosts({ format: 'hosts', address: '192.0.2.7', port: 443 }, out)).toBe(0);
    const file = join(folder, 'hosts');
    writeFileSync(file, `${theirs}${lines.join('\n')}\n`);
    expect(readFileSync(file, 'utf8')).toContain('192.0.2.7 login.microsoftonline.com\n');
    const [, undo = ''] = /undo {6}sudo (sed -i '\/.*d') \/etc\/hosts/.exec(told.join('\n')) ?? [];
    execFileSync('sh', ['-c', `${undo} ${file}`]);
    expect(readFileSync(file, 'utf8')).toBe(theirs);
  });

  it('tells the commands of Linux, macOS and Windows beside the lines, not among them', () => {
    hosts({ format: 'hosts', address: '192.0.2.7', port: 443 }, out);
    expect(lines.every((line) => line.startsWith('#') || line.startsWith('192.0.2.7 '))).toBe(true);
    for (const system of ['Linux', 'macOS', 'Windows']) expect(told.join('\n')).toContain(system);
  });
});

describe('greenscreen doctor', () => {
  it('looks at what a client on this machine would meet, and sends nothing anywhere else', async () => {
    await doctor({ control: control(), against: gateway() }, out);
    const text = lines.join('\n');
    expect(text).toContain(`the gateway answers at 127.0.0.1:${cloud.gatewayPort} with this installation's certificate`);
    expect(text).toMatch(/login\.microsoftonline\.com (does not resolve|leads to)/);
    expect(text).toContain("the cloud's clock is right");
  });

  it('tells a gateway that is not there', async () => {
    expect(await doctor({ control: control(), against: 'https://127.0.0.1:1' }, out)).toBe(1);
    expect(lines.join('\n')).toContain('the gateway at 127.0.0.1:1: nothing listens there');
  });

  it('tells a server that is not this gateway', async () => {
    expect(await doctor({ control: control(), against: `https://127.0.0.1:${cloud.controlPort}` }, out)).toBe(1);
    expect(lines.join('\n')).toContain("it is not this installation's");
  });

  it('tells a clock that was moved', async () => {
    await fetch(`${control()}/clock`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"advance":86400000}' });
    await doctor({ control: control(), against: gateway() }, out);
    expect(lines.join('\n')).toContain('greenscreen clock clear');
    await fetch(`${control()}/clock`, { method: 'DELETE' });
  });
});
