import { type Listening } from '@greenscreen/all';
import { readCloudSettings } from '@greenscreen/all/settings';
import { optionalText, readConfig, readListenSettings, variableName } from '@greenscreen/host/config';
import { type CloudAddress } from '@greenscreen/scenarios/run';
import { CommandError } from '../problem.js';

/** Base URL of the control API: what the option says, else where this user's cloud has it. */
export function controlAddress(option?: string): string {
  if (option !== undefined) return baseUrl(option, '--control');
  const { host, controlPort } = readCloudSettings();
  return `http://${reachable(host)}:${controlPort}`;
}

/** A cloud that runs elsewhere, by its gateway's and its control API's address. */
export const addressOf = (gateway: string, control?: string): CloudAddress => ({
  gateway: gatewayAt(gateway, '--against'),
  control: controlAddress(control),
});

/** A cloud in this process. */
export function addressOfOwn({ host: listening, gatewayPort, httpPort, controlPort }: Listening): CloudAddress {
  const host = reachable(listening);
  return { gateway: { host, port: gatewayPort, httpPort }, control: `http://${host}:${controlPort}` };
}

/** `GREENSCREEN_CONTROL_<KEY>` of a control API that is a process of its own. */
export const controlAloneSettings = {
  gatewayUrl: optionalText(
    'Gateway of the cloud, as runs that the control API is asked for reach it; on this machine, at GREENSCREEN_GATEWAY_PORT, unless set.',
  ),
} as const;

/** The cloud whose control API this process is. */
export function addressAround(): CloudAddress {
  const { gatewayUrl } = readConfig('control', controlAloneSettings);
  const { host, port } = readListenSettings('control');
  return {
    gateway: gatewayAt(gatewayUrl ?? `https://127.0.0.1:${readCloudSettings().gatewayPort}`, variableName('control', 'gatewayUrl')),
    control: `http://${reachable(host)}:${port}`,
  };
}

function gatewayAt(url: string, option: string): CloudAddress['gateway'] {
  const { hostname, port } = new URL(baseUrl(url, option));
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443), httpPort: readCloudSettings().gatewayHttpPort };
}

/** Listening on every address includes this machine's own. */
const reachable = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);

function baseUrl(text: string, option: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new CommandError(`${option}: "${text}" is not an address such as https://127.0.0.1:8443`);
  return `${url.protocol}//${url.host}`;
}
