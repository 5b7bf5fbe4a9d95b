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
    out.line(`${BEGIN}: a hosts file knows no ports, so the gateway has to listen on 443 (GREENSCREEN_GATEWAY_PORT=443)`);
    for (const name of names) out.line(`${address} ${name}`);
    for (const pattern of unnamed) out.line(`# ${address} ${pattern}   (a name server is needed for this one: greenscreen dns)`);
    out.line(END);
    out.progress(instructions(address));
  }
  return exitCodes.ok;
}

const [BEGIN, END] = ['# greenscreen begin', '# greenscreen end'];

/** Told beside the lines, so that they can be piped. */
const instructions = (address: string): string => `
Linux       npx greenscreen hosts --address ${address} | sudo tee -a /etc/hosts
  undo      sudo sed -i '/^${BEGIN}/,/^${END}/d' /etc/hosts
macOS       npx greenscreen hosts --address ${address} | sudo tee -a /etc/hosts && sudo dscacheutil -flushcache && sudo killall -HUP mDNSResponder
  undo      sudo sed -i '' '/^${BEGIN}/,/^${END}/d' /etc/hosts
Windows     as administrator, with these lines in hosts.txt: type hosts.txt >> %SystemRoot%\\System32\\drivers\\etc\\hosts && ipconfig /flushdns
  undo      powershell -c "$f = $env:SystemRoot + '\\System32\\drivers\\etc\\hosts'; (Get-Content -Raw $f) -replace '(?ms)^${BEGIN}.*?^${END}\\r?\\n?' | Set-Content -NoNewline $f"`;
