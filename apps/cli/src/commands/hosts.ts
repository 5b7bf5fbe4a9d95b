import { emulatedServices } from '@greenscreen/all';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';

/** Host names behind a pattern that clients of the lab ask for; a hosts file knows no patterns. */
const examples: Readonly<Record<string, readonly string[]>> = {
  'enterpriseenrollment.*.*': ['enterpriseenrollment.contosolab.example'],
  'enterpriseenrollment.*.*.*': ['enterpriseenrollment.contosolab.onmicrosoft.com'],
  'enterpriseregistration.*.example': ['enterpriseregistration.contosolab.example'],
  'enterpriseregistration.*.onmicrosoft.com': ['enterpriseregistration.contosolab.onmicrosoft.com'],
  'fleet.*.*': ['fleet.contosolab.example'],
};

export interface HostsOptions {
  readonly format: 'hosts' | 'chromium' | 'names';
  readonly address: string;
  readonly port: number;
}

/** The names to point at this machine, in the form that the reader needs. */
export function hosts({ format, address, port }: HostsOptions, out: Console): number {
  const patterns = emulatedServices.flatMap((service) => service.hosts.map(({ pattern }) => pattern));
  const names = [...new Set(patterns.flatMap((pattern) => (pattern.includes('*') ? (examples[pattern] ?? []) : [pattern])))].sort();
  const unnamed = patterns.filter((pattern) => pattern.includes('*') && !(pattern in examples));
  if (format === 'chromium') out.line(`--host-resolver-rules="${names.map((name) => `MAP ${name} ${address}:${port}`).join(',')}"`);
  else if (format === 'names') for (const name of [...names, ...unnamed]) out.line(name);
  else {
    out.line(
      '# Greenscreen: emulated hosts. A hosts file knows no ports, so the gateway has to listen on 443 (GREENSCREEN_GATEWAY_PORT=443).',
    );
    for (const name of names) out.line(`${address} ${name}`);
    for (const pattern of unnamed) out.line(`# ${address} ${pattern}   (a DNS server is needed for this one)`);
  }
  return exitCodes.ok;
}
