import { emulatedServices } from '@greenscreen/all';
import { port, readConfig, text } from '@greenscreen/host/config';
import { type NameServer, startNameServer } from '../dns/name-server.js';
import { exitCodes } from '../exit-codes.js';
import { watchForInterruption } from '../interruption.js';
import { type Console } from '../output/console.js';
import { CommandError, explain } from '../problem.js';

/** Settings of the name server: `GREENSCREEN_DNS_<KEY>`. */
export const dnsSettings = {
  answer: text('127.0.0.1', 'Where emulated names lead: an address, or a name that is looked up for each question.'),
  host: text('127.0.0.1', 'Address that the name server listens on.'),
  port: port(53, 'Port of the name server, UDP and TCP.'),
} as const;

export interface DnsOptions {
  readonly answer?: string;
  readonly host?: string;
  readonly port?: number;
}

/** A name server for the emulated names, until it is asked to stop. */
export async function dns(options: DnsOptions, out: Console): Promise<number> {
  const settings = { ...readConfig('dns', dnsSettings), ...options };
  const interruption = watchForInterruption(() => out.progress('Stopping …'));
  const server = await listening(settings);
  out.line(`Emulated names lead to ${settings.answer}, others are refused: ask ${settings.host} on port ${server.port}`);
  await interruption.happened;
  await server.close();
  return exitCodes.ok;
}

async function listening(settings: { readonly answer: string; readonly host: string; readonly port: number }): Promise<NameServer> {
  try {
    return await startNameServer({ ...settings, hosts: emulatedServices.flatMap(({ hosts }) => hosts) });
  } catch (error) {
    const advice = 'another name server may be there (--port chooses another), and ports below 1024 may need administrator rights';
    throw new CommandError(`The name server cannot listen on ${settings.host}:${settings.port}: ${explain(error)}; ${advice}`, {
      cause: error,
    });
  }
}
