import { afterEach, describe, expect, it } from '@jest/globals';
import { connectTpm, startSwtpm, swtpmInstalled, SwtpmMissingError, type Tpm, type TpmAddress } from '@greenscreen/device/tpm';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const describeSwtpm = swtpmInstalled() ? describe : describe.skip;
const tools = spawnSync('tpm2_createprimary', ['--version']).status === 0;

/** swtpm as somebody else's process, not started up. */
interface Emulator {
  readonly folder: string;
  readonly child: ChildProcess;
}

const running: Emulator[] = [];
afterEach(async () => {
  for (const { folder, child } of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill();
      });
    }
    rmSync(folder, { recursive: true, force: true });
  }
});

/** `server` and `control` in swtpm's words. */
function emulate(server: (folder: string) => string, control?: string): Emulator {
  const folder = mkdtempSync(join(tmpdir(), 'greenscreen-test-'));
  const flags = ['--flags', 'not-need-init', ...(control === undefined ? [] : ['--ctrl', control])];
  const child = spawn('swtpm', ['socket', '--tpm2', '--tpmstate', `dir=${folder}`, '--server', server(folder), ...flags], {
    stdio: 'ignore',
  });
  running.push({ folder, child });
  return { folder, child };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Connects as soon as somebody listens there. */
async function connectSoon({ child }: Emulator, address: TpmAddress): Promise<Tpm> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`swtpm ended with ${child.exitCode}`);
    try {
      return await connectTpm(address, { ek: 'rsa2048' });
    } catch (error) {
      if (!/ECONNREFUSED|ENOENT/.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describeSwtpm('a real TPM 2.0 (swtpm)', () => {
  it('is spoken to over a UNIX socket, again and again, and keeps its keys', async () => {
    const emulator = emulate((folder) => `type=unixio,path=${folder}/socket`);
    const address = { path: `${emulator.folder}/socket` };
    const first = await connectSoon(emulator, address);
    const key = await first.createKey();
    await first.close();
    const second = await connectTpm(address, { ek: 'rsa2048' });
    expect(second.endorsementKey.publicArea).toEqual(first.endorsementKey.publicArea);
    expect((await second.readKey(key.handle)).publicArea).toEqual(key.publicArea);
    const next = await second.createKey();
    expect(next.handle).not.toBe(key.handle);
    await second.evict(key);
    await expect(second.readKey(key.handle)).rejects.toMatchObject({ code: 0x18b });
    await second.close();
  }, 30_000);

  it('is spoken to over TCP', async () => {
    const port = await freePort();
    const tpm = await connectSoon(
      emulate(() => `type=tcp,port=${port}`),
      { host: '127.0.0.1', port },
    );
    const der = randomBytes(900);
    await tpm.writeEkCertificate(der);
    expect(await tpm.readEkCertificate()).toEqual(der);
    await tpm.close();
  }, 30_000);

  it('keeps its state in a folder that it is given', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'greenscreen-test-'));
    try {
      const first = await startSwtpm({ ek: 'rsa2048', stateDir });
      await first.writeEkCertificate(Buffer.from('certificate'));
      await first.close();
      const second = await startSwtpm({ ek: 'rsa2048', stateDir });
      expect(second.endorsementKey.publicArea).toEqual(first.endorsementKey.publicArea);
      expect((await second.readEkCertificate())?.toString()).toBe('certificate');
      await second.close();
    } finally {
      rmSync(stateDir, { recursive: true, force: true });
    }
  }, 30_000);

  it('leaves nothing behind', async () => {
    const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('greenscreen-swtpm-'));
    const before = left();
    const tpm = await startSwtpm({ ek: 'ecc' });
    expect(left()).toHaveLength(before.length + 1);
    await tpm.close();
    expect(left()).toHaveLength(before.length);
  });

  it('says in one line what swtpm says when it does not start', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'greenscreen-test-')), 'state');
    const first = await startSwtpm({ ek: 'rsa2048', stateDir: file });
    await expect(startSwtpm({ ek: 'rsa2048', stateDir: file })).rejects.toThrow(/^swtpm: /);
    await first.close();
    rmSync(file, { recursive: true, force: true });
  }, 30_000);

  (tools ? it : it.skip)(
    'leaves alone what others keep in it',
    async () => {
      const port = await freePort();
      const emulator = emulate(() => `type=tcp,port=${port}`, `type=tcp,port=${port + 1}`);
      const address = { host: '127.0.0.1', port };
      await (await connectSoon(emulator, address)).close();
      const tpm2 = (command: string, ...parameters: string[]) =>
        execFileSync(`tpm2_${command}`, parameters, {
          cwd: emulator.folder,
          env: { ...process.env, TPM2TOOLS_TCTI: `swtpm:host=127.0.0.1,port=${port}` },
          encoding: 'utf8',
        });
      // Somebody's storage key, of another making, where ours was; and a key where ours would be.
      tpm2('evictcontrol', '-C', 'o', '-c', '0x81000001');
      tpm2('createprimary', '-C', 'o', '-G', 'ecc', '-c', 'theirs.ctx');
      tpm2('evictcontrol', '-C', 'o', '-c', 'theirs.ctx', '0x81000001');
      tpm2('flushcontext', '-t');
      tpm2('createprimary', '-C', 'o', '-G', 'ecc', '-c', 'theirs.ctx');
      tpm2('evictcontrol', '-C', 'o', '-c', 'theirs.ctx', '0x81010200');
      tpm2('flushcontext', '-t');
      const before = tpm2('readpublic', '-c', '0x81000001');
      const tpm = await connectTpm(address, { ek: 'rsa2048' });
      const key = await tpm.createKey();
      expect(key.handle).not.toBe(0x81010200);
      await tpm.close();
      expect(tpm2('readpublic', '-c', '0x81000001')).toBe(before);
      expect(tpm2('readpublic', '-c', '0x81010200')).toContain('ecc');
    },
    60_000,
  );
});

describe('without swtpm', () => {
  it('names the package to install', () => {
    expect(new SwtpmMissingError().message).toBe(
      'swtpm is not installed: "apt-get install swtpm" (Debian, Ubuntu) or "dnf install swtpm" (Fedora) brings it',
    );
  });
});
