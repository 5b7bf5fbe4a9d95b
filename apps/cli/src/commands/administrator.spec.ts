import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Cloud, startCloud } from '@greenscreen/all';
import { createLogger } from '@greenscreen/host/logging';
import { encodeAutopilotCsv } from '@greenscreen/wire/autopilot-csv';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { administratorDefaults } from '../cloud/administrator-defaults.js';
import { styleFor } from '../output/style.js';
import { CommandError } from '../problem.js';
import { makeHashes } from './hash.js';
import { importCsv } from './import.js';
import { printOfflineProfile } from './offline-profile.js';

describe('an administrator at the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenscreen-'));
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud({
      ephemeral: true,
      logger: createLogger({ level: 'silent' }),
      host: '127.0.0.1',
      gatewayPort: 0,
      httpPort: 0,
      controlPort: 0,
      empty: false,
    });
  }, 60_000);
  afterAll(async () => {
    await cloud.close();
    rmSync(folder, { recursive: true });
  });

  const [lines, told]: [string[], string[]] = [[], []];
  const out = {
    style: styleFor(process.stdout),
    width: 80,
    line: (text = '') => void lines.push(text),
    progress: (text: string) => void told.push(text),
  };
  const options = () => ({
    ...administratorDefaults,
    against: `https://127.0.0.1:${cloud.gatewayPort}`,
    control: `http://127.0.0.1:${cloud.controlPort}`,
  });

  it('imports the file that "hash make" writes into the seeded tenant; a second time every device is refused', async () => {
    const csv = join(folder, 'devices.csv');
    await makeHashes({ vendor: 'microsoft', count: 2, csv }, out);
    lines.length = 0;
    expect(await importCsv(csv, { ...options(), groupTag: 'Kiosk' }, out)).toBe(0);
    expect(lines.map((line) => /^\S+ {2}[0-9a-f-]{36}$/.test(line))).toEqual([true, true]);
    expect(told.at(-1)).toBe('2 devices imported, 0 refused');
    expect(await importCsv(csv, options(), out)).toBe(1);
    expect(told.at(-2)).toMatch(/: 806 ZtdDeviceAlreadyAssigned$/);
    expect(told.at(-1)).toBe('0 devices imported, 2 refused');
  });

  it('prints the offline file of a profile of the seeded tenant', async () => {
    lines.length = 0;
    expect(await printOfflineProfile('WG-Entra', options(), out)).toBe(0);
    const file: unknown = JSON.parse(lines.join('\n'));
    expect(file).toMatchObject({ Version: 2049, CloudAssignedTenantDomain: 'contosolab.example', CloudAssignedOobeConfig: 286 });
  });

  it('names the file and the line of what cannot be imported', async () => {
    const csv = join(folder, 'bad.csv');
    writeFileSync(csv, encodeAutopilotCsv([{ serialNumber: 'LAB-1', hardwareHash: 'nonsense!' }]));
    const refused = importCsv(csv, options(), out);
    await expect(refused).rejects.toThrow(CommandError);
    await expect(refused).rejects.toThrow(`${csv}: Line 2: The hardware hash is not base64 with its padding`);
  });
});
