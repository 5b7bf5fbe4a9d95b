import { createHash } from 'node:crypto';
import { switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { type LinuxPolicy } from '@greenscreen/wire/intune-linux';

const ROOT = 'com.microsoft.manage.LinuxMdm/CustomConfig';

/** Settings of a script, with the values of a published capture; the script is the tenant's (himmelblau-idm/intune-spec 3.5). */
const settingsOf = (script: string): readonly (readonly [name: string, value: string])[] => [
  ['ExecutionContext', 'root'],
  ['ExecutionFrequency', '10080'],
  ['ExecutionRetries', '3'],
  ['Script', Buffer.from(script, 'utf8').toString('base64')],
];

/** What a tenant's devices of Linux have to do: run the shell script of the switch `mdm.linuxScript`; nothing unless it is set. */
export function linuxPolicies(tenant: Tenant): LinuxPolicy[] {
  const script = switchOf(tenant, 'mdm.linuxScript', '');
  if (script === '') return [];
  const id = (what: string): string => stableGuid(`${tenant.id} ${what}`);
  return [
    {
      accountId: tenant.intuneAccountId,
      policyId: id('policy'),
      description: '',
      version: 1,
      policyType: 'Configuration',
      settings: settingsOf(script).map(([name, value]) => ({
        cspPath: `${ROOT}/${name}`,
        cspPathId: id(`path ${name}`),
        ruleId: id(`rule ${name}`),
        definition: `linux_customconfig_${name.toLowerCase()}`,
        reportingId: id(`report ${name}`),
        value,
      })),
    },
  ];
}

/** The same every time it is asked for, from every replica. */
const stableGuid = (text: string): string =>
  createHash('sha256')
    .update(text, 'utf8')
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
