import { type Cloud } from '@greenscreen/all';
import { type Style } from './style.js';
import { howLong } from './words.js';

export interface BannerInput {
  readonly cloud: Pick<Cloud, 'gatewayPort' | 'httpPort' | 'controlPort' | 'database'>;
  readonly rootsFile: string;
  readonly empty: boolean;
  readonly milliseconds: number;
}

/** What somebody who has just started the cloud wants to know. */
export function banner({ cloud, rootsFile, empty, milliseconds }: BannerInput, style: Style): string[] {
  const control = `http://127.0.0.1:${cloud.controlPort}`;
  const row = (name: string, value: string): string => `  ${style.bold(name.padEnd(12))}${value}`;
  return [
    `${style.green('Greenscreen')} is ready ${style.dim(`(${howLong(milliseconds)})`)}`,
    '',
    row('Gateway', `https://127.0.0.1:${cloud.gatewayPort}  every emulated host name, by SNI and Host`),
    row('Control', `${control}  the lab's own API`),
    row('Trust', `${rootsFile}  (${control}/roots.pem)`),
    row('Data', cloud.database),
    ...(empty
      ? [row('Tenant', `none: POST ${control}/tenants makes one`)]
      : [
          row('Tenant', 'contosolab.onmicrosoft.com, contosolab.example'),
          row('Users', 'anna@contosolab.example, ben@contosolab.example, admin@contosolab.example; password Passw0rd!'),
          row('App', '11111111-2222-3333-4444-555555555555, secret lab-secret'),
        ]),
    '',
    '  Next, in another terminal:',
    `    npx greenscreen replay --against https://127.0.0.1:${cloud.gatewayPort}${cloud.controlPort === 8088 ? '' : ` --control ${control}`}`,
    '    npx greenscreen hosts      names to point at this machine',
    `    curl --cacert ${rootsFile} --connect-to ::127.0.0.1:${cloud.gatewayPort} https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration`,
    '',
    style.dim('  Ctrl-C stops it.'),
  ];
}
