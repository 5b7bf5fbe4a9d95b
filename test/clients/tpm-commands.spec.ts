import { type Console, processConsole, run } from '@greenscreen/cli';
import { openTpm } from '@greenscreen/device/tpm';
import { decodeAutopilotCsv } from '@greenscreen/wire/autopilot-csv';
import { decodeHardwareHash } from '@greenscreen/wire/hardware-hash';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useLab } from '../support/lab.js';
import { openssl } from '../support/openssl.js';
import { emulatedTpm, tidyUp, toolsInstalled } from './tpm2-tools.support.js';

const describeTools = toolsInstalled ? describe : describe.skip;
const lab = useLab();
tidyUp();

describeTools('greenscreen tpm (skipped without swtpm and tpm2-tools)', () => {
  let folder: string;
  const lines: string[] = [];
  const take = (text = '') => void lines.push(text);
  const out: Console = { ...processConsole(), line: take, progress: take };
  const greenscreen = (...words: string[]) => run(['node', 'greenscreen', ...words, '--control', lab().address.control], out);
  const against = () => ['--against', `https://127.0.0.1:${lab().cloud.gatewayPort}`];

  beforeAll(() => {
    process.env.GREENSCREEN_GATEWAY_HTTP_PORT = String(lab().cloud.httpPort);
  });
  afterAll(() => {
    delete process.env.GREENSCREEN_GATEWAY_HTTP_PORT;
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'greenscreen-tpm-'));
    lines.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['rsa2048', 'ecc'] as const)(
    'gives the TPM of a machine that is off an EK certificate, and certifies an AIK in it: %s',
    async (ek) => {
      const place = ['--tpm', folder, '--ek', ek];
      expect(await greenscreen('tpm', 'enroll', ...place, '--vendor', 'STM')).toBe(0);
      expect(lines.join('\n')).toMatch(/AIK authority {5}https:\/\/stm-keyid-[0-9a-f]{40}\.microsoftaik\.azure\.net/i);
      expect(await greenscreen('tpm', 'attest', ...place, ...against())).toBe(0);
      expect(lines.join('\n')).toContain('The TPM is attested.');
    },
  );

  it('writes to the NV of a TPM that runs what the tpm2-tools read and openssl verifies, and keeps no key in it', async () => {
    const tools = await emulatedTpm();
    const pem = join(folder, 'ek.pem');
    expect(await greenscreen('tpm', 'enroll', '--tpm', tools.address, '--pem', pem)).toBe(0);
    await tools.tpm2('nvread', '0x01C00002', '-C', 'o', '-o', 'ek.der');
    expect(new X509Certificate(await tools.read('ek.der')).fingerprint256).toBe(new X509Certificate(readFileSync(pem)).fingerprint256);
    const [roots, chain] = [join(folder, 'roots.pem'), join(folder, 'chain.pem')];
    writeFileSync(roots, await lab().control.roots());
    writeFileSync(chain, await lab().control.intermediates());
    // The subjectAltName of an EK certificate is critical, and OpenSSL does not read directory names there.
    expect(await openssl(['verify', '-ignore_critical', '-CAfile', roots, '-untrusted', chain, pem])).toContain(': OK');
    expect(await greenscreen('tpm', 'attest', '--tpm', tools.address, ...against())).toBe(0);
    const tpm = await openTpm(tools.address, 'rsa2048');
    await expect(tpm.readKey(0x81010200)).rejects.toThrow(/no key/);
    await tpm.close();
  });

  it("publishes at the vendor's service instead, and writes the hash of a machine with this TPM", async () => {
    const csv = join(folder, 'vm.csv');
    const place = ['--tpm', folder];
    expect(await greenscreen('tpm', 'enroll', ...place, '--vendor', 'INTC', '--fetch', '--csv', csv, '--serial', 'VM-1')).toBe(0);
    const [row] = decodeAutopilotCsv(readFileSync(csv));
    expect(row?.serialNumber).toBe('VM-1');
    expect(() => decodeHardwareHash(row?.hardwareHash ?? '')).not.toThrow();
    lines.length = 0;
    expect(await greenscreen('tpm', 'attest', ...place, ...against())).not.toBe(0);
    expect(lines.join('\n')).toContain('no EK certificate in NV');
  });

  it('names the check that refuses: a certificate for another TPM', async () => {
    const other = mkdtempSync(join(tmpdir(), 'greenscreen-tpm-'));
    const [mine, foreign] = [await openTpm(folder, 'rsa2048'), await openTpm(other, 'rsa2048')];
    const { certificate } = await lab().control.manufactureEk({
      ekPublic: foreign.endorsementKey.publicArea.toString('base64'),
      vendor: 'IFX',
      model: 'GS9670',
      firmware: '7.85',
      publish: false,
      defect: 'none',
    });
    await mine.writeEkCertificate(certificate);
    await Promise.all([mine.close(), foreign.close()]);
    rmSync(other, { recursive: true });
    expect(await greenscreen('tpm', 'attest', '--tpm', folder, ...against())).toBe(1);
    expect(lines.join('\n')).toMatch(/The TPM is not attested: [\s\S]*PKCSReq was refused by the check \w+/);
  });

  it.each(['/nowhere/at/all', 'tpm0', 'localhost:99999'])('says what a place looks like rather than trying %s', async (place) => {
    expect(await greenscreen('tpm', 'attest', '--tpm', place)).toBe(2);
    expect(lines.join('\n')).toContain('a TPM is a device file');
  });
});
