import { type Cloud } from '@greenscreen/all';
import { readCloudSettings } from '@greenscreen/all/settings';
import { type CloudAddress } from '@greenscreen/scenarios/run';
import { CommandError } from '../problem.js';

/** Base URL of the control API: what the option says, else where this user's cloud has it. */
export function controlAddress(option?: string): string {
  if (option !== undefined) return baseUrl(option, '--control');
  const { host, controlPort } = readCloudSettings();
  return `http://${reachable(host)}:${controlPort}`;
}

/** A cloud that runs elsewhere, by its gateway's and its control API's address. */
export function addressOf(gateway: string, control?: string): CloudAddress {
  const { hostname, port } = new URL(baseUrl(gateway, '--against'));
  return {
    gateway: { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443), httpPort: readCloudSettings().gatewayHttpPort },
    control: controlAddress(control),
  };
}

/** A cloud in this process. */
export function addressOfOwn({ gatewayPort, httpPort, controlPort }: Cloud): CloudAddress {
  const host = reachable(readCloudSettings().host);
  return { gateway: { host, port: gatewayPort, httpPort }, control: `http://${host}:${controlPort}` };
}

/** Listening on every address includes this machine's own. */
const reachable = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);

function baseUrl(text: string, option: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new CommandError(`${option}: "${text}" is not an address such as https://127.0.0.1:8443`);
  return `${url.protocol}//${url.host}`;
}
