import { readCloudSettings, replicaSettings } from '@greenscreen/all';
import { integer, readConfig } from '@greenscreen/host/config';
import { servicePorts } from '@greenscreen/host/service';
import { request } from 'undici';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { CommandError } from '../problem.js';

/** What answers when a gateway is asked for a name that it does not have. */
const MISDIRECTED = 421;
const PATIENCE_MS = 4_000;

/**
 * Whether the service of this container (`GREENSCREEN_SERVICE`, none for the whole cloud) can do its work: what a container engine asks
 * every few seconds.
 */
export async function ready(name: string | undefined, out: Console): Promise<number> {
  const service = name ?? process.env.GREENSCREEN_SERVICE;
  try {
    const { statusCode, body } = await request(probeOf(service), { headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS });
    const text = await body.text();
    if (statusCode === 200 || (service === 'gateway' && statusCode === MISDIRECTED)) return exitCodes.ok;
    out.progress(`Not ready (${statusCode}): ${text}`);
  } catch (error) {
    out.progress(`Not ready: ${error instanceof Error ? error.message : String(error)}`);
  }
  return exitCodes.unexpected;
}

/** The gateway has no address of its own: its plain port says 421 to every stranger. */
function probeOf(service: string | undefined): string {
  const settings = readCloudSettings();
  if (service === 'gateway') return `http://127.0.0.1:${settings.gatewayHttpPort}/`;
  if (service === undefined || service === 'control') return `http://127.0.0.1:${settings.controlPort}/ready`;
  if (!(service in replicaSettings)) throw new CommandError(`There is no service "${service}"`);
  const { port } = readConfig(service, { port: integer(servicePorts[service] ?? 0, 'Port of the service.') });
  return `http://127.0.0.1:${port}/ready`;
}
