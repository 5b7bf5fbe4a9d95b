import { readCloudSettings } from '@greenscreen/all/settings';
import { integer, port, readConfig, servicePorts } from '@greenscreen/host/config';
import { Resolver } from 'node:dns/promises';

/** What answers when a gateway is asked for a name that it does not have. */
const MISDIRECTED = 421;
const PATIENCE_MS = 4_000;

/** The gateway has no address of its own: its plain port says 421 to every stranger. */
function probeOf(service: string | undefined): string {
  const settings = readCloudSettings();
  if (service === 'gateway') return `http://127.0.0.1:${settings.gatewayHttpPort}/`;
  if (service === undefined || service === 'control') return `http://127.0.0.1:${settings.controlPort}/ready`;
  const { port } = readConfig(service, { port: integer(servicePorts[service] ?? 0, 'Port of the service.') });
  return `http://127.0.0.1:${port}/ready`;
}

// Whether the service of this container (`GREENSCREEN_SERVICE`, none for the whole cloud) can do its work. A program of its own that loads next
// to nothing: a container engine runs it every few seconds, beside as many others as there are services.
const service = process.env.GREENSCREEN_SERVICE;
try {
  if (service === 'dns') await askNameServer();
  else await askService(service);
} catch (error) {
  process.stderr.write(`Not ready: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function askNameServer(): Promise<void> {
  const resolver = new Resolver({ timeout: PATIENCE_MS, tries: 1 });
  resolver.setServers([`127.0.0.1:${readConfig('dns', { port: port(53, 'Port of the name server.') }).port}`]);
  await resolver.resolve4('login.microsoftonline.com');
}

async function askService(name: string | undefined): Promise<void> {
  const response = await fetch(probeOf(name), { signal: AbortSignal.timeout(PATIENCE_MS) });
  const text = await response.text();
  if (!response.ok && !(name === 'gateway' && response.status === MISDIRECTED)) throw new Error(`${response.status} ${text}`);
}
