import { defaultDataDir, readCloudSettings } from '@greenscreen/all/settings';
import { ControlClient } from '@greenscreen/scenarios/cloud';
import { addressOf, controlAddress } from '../cloud/addresses.js';
import { clientFindings } from '../doctor/client.js';
import { type Finding } from '../doctor/finding.js';
import { containerEngine, dataDirectory, freePort, nodeVersion, program } from '../doctor/machine.js';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';

export interface DoctorOptions {
  readonly control?: string;
  /** Gateway of the cloud that clients are to reach; the one of the settings unless given. */
  readonly against?: string;
}

/** Looks at what a cloud and its clients on this machine need, and says what is missing and what to do. */
export async function doctor(options: DoctorOptions, out: Console): Promise<number> {
  const settings = readCloudSettings();
  const control = new ControlClient(controlAddress(options.control));
  try {
    const running = await isReady(control);
    const ports = [settings.gatewayPort, settings.gatewayHttpPort, settings.controlPort];
    const against = options.against ?? `https://${settings.host}:${settings.gatewayPort}`;
    const ownDatabase = !settings.databaseUrl && !process.env.DATABASE_URL;
    const machine: Finding[] = [
      nodeVersion(),
      running ? { grade: 'ok', text: 'a cloud is running' } : { grade: 'note', text: 'no cloud is running: "npm start" starts one' },
      ...(ownDatabase ? [dataDirectory(settings.dataDir ?? defaultDataDir())] : []),
      ...(running ? [] : await Promise.all(ports.map((port) => freePort(port, settings.host)))),
      ...['openssl', 'curl', 'swtpm', 'tpm2_getcap'].map(program),
      containerEngine(),
    ];
    report(machine, out);
    const client = running ? await clientFindings({ control, gateway: addressOf(against, options.control).gateway }) : [];
    if (client.length > 0) out.line('\nA client on this machine:');
    report(client, out);
    return [...machine, ...client].some(({ grade }) => grade === 'bad') ? exitCodes.unexpected : exitCodes.ok;
  } finally {
    await control.close();
  }
}

function report(findings: readonly Finding[], out: Console): void {
  const { style } = out;
  const sign = { ok: style.green('✓'), note: style.yellow('·'), bad: style.red('✗') };
  for (const { grade, text } of findings) out.line(`${sign[grade]} ${text}`);
}

async function isReady(control: ControlClient): Promise<boolean> {
  try {
    return (await control.readiness()).ready;
  } catch {
    return false;
  }
}
