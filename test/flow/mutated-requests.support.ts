import { type DeviceRequest } from '@greenscreen/device/context';
import { type Dice } from '../conformance/mdm/mutations.support.js';

const oddTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  'null',
  '-1',
  '1e999',
  '{}',
  '[]',
  '"',
  "'",
  '<a>',
  '../..',
  '%',
  '😀',
  '\ud800',
  '__proto__',
  '9'.repeat(300),
  'x'.repeat(5000),
];
const oddValues: readonly unknown[] = [null, 0, -1, 1.5, 2 ** 60, true, [], [null], {}, { a: 1 }, ...oddTexts];
const queries = [
  'api-version=',
  '%',
  '%00=%00',
  'a=1&a=2',
  'api-version[]=1',
  'api-version[a]=1',
  '__proto__=1',
  '$filter=((',
  "$filter=displayName eq '%00'",
  '$top=-1',
  '$skip=99999999999',
  '$select=',
  '$skiptoken=x',
  `a=${'a'.repeat(8000)}`,
].map((query) => encodeURI(decodeURIComponent(query.replaceAll(/%(?!\d\d)/g, '%25'))));
const segments = ['', '%00', '..%2f', '%E0%A4%A', 'x'.repeat(3000), "'", '(', "('a')", '$batch'];
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const types = [
  '',
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
];

type Change = (request: DeviceRequest, dice: Dice) => DeviceRequest;

const changes: Readonly<Record<string, Change>> = {
  body: (request, dice) => (request.body === undefined ? request : { ...request, body: changedBody(Buffer.from(request.body), dice) }),
  segment: (request, dice) => {
    const { origin, pathname, search } = new URL(request.url);
    const parts = pathname.split('/');
    parts[1 + dice.roll(parts.length - 1)] = dice.pick(segments);
    return { ...request, url: `${origin}${parts.join('/')}${search}` };
  },
  query: (request, dice) => ({ ...request, url: `${request.url.replace(/\?.*/, '')}?${dice.pick(queries)}` }),
  header: (request, dice) => {
    const names = Object.keys(request.headers ?? {});
    if (names.length === 0) return request;
    const value = dice.pick(oddTexts.filter((text) => /^[\x20-\x7e]*$/.test(text)));
    return { ...request, headers: { ...request.headers, [dice.pick(names)]: value } };
  },
  method: (request, dice) => ({ ...request, method: dice.pick(methods) }),
  type: (request, dice) => ({ ...request, headers: { ...request.headers, 'Content-Type': dice.pick(types) } }),
};

function changedBody(body: Buffer, dice: Dice): Buffer {
  const text = body.toString('utf8');
  const value = jsonOf(text);
  if (value !== undefined) return Buffer.from(JSON.stringify(changedValue(value, dice)) ?? '');
  return /^[\w%.+&=~*-]+$/.test(text) && text.includes('=') ? Buffer.from(changedForm(text, dice)) : changedBytes(body, dice);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Another value in the place of some member, or no member. */
function changedValue(value: unknown, dice: Dice): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0 || dice.roll(6) === 0) return dice.pick(oddValues);
  const name = dice.pick(Object.keys(value));
  const entries = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    if (key !== name) return [[key, member]];
    return dice.roll(4) === 0 ? [] : [[key, changedValue(member, dice)]];
  });
  return Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}

function changedForm(text: string, dice: Dice): string {
  const parts = text.split('&');
  const index = dice.roll(parts.length);
  const [name = '', value = ''] = (parts[index] ?? '').split('=');
  const instead = [
    [],
    [parts[index] ?? '', parts[index] ?? ''],
    [`${name}=${encodeURIComponent(dice.pick(oddTexts).replaceAll('\ud800', ''))}`],
    [`${name}=${value.slice(0, dice.roll(value.length + 1))}`],
    [`${parts[index] ?? ''}%ZZ`],
  ];
  return parts.toSpliced(index, 1, ...dice.pick(instead)).join('&');
}

function changedBytes(body: Buffer, dice: Dice): Buffer {
  if (dice.roll(5) === 0) return body.subarray(0, dice.roll(body.length + 1));
  const copy = Buffer.from(body);
  const at = dice.roll(copy.length || 1);
  if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << dice.roll(8));
  return copy;
}

const graph = 'https://graph.microsoft.com';
const wanted = `${graph}/beta/deviceManagement`;

/** Requests of an administrator that a run has none of, in the form in which they are right. */
export function administratorRequests(headers: Readonly<Record<string, string>>): DeviceRequest[] {
  const get = [
    `${wanted}/windowsAutopilotDeviceIdentities?$filter=contains(serialNumber,'LAB')&$expand=deploymentProfile`,
    `${wanted}/windowsAutopilotDeploymentProfiles?$expand=assignments&$top=2`,
    `${wanted}/autopilotEvents?$filter=deviceSerialNumber eq 'LAB-0001'`,
    `${graph}/v1.0/deviceManagement/managedDevices?$filter=serialNumber eq 'LAB-0001'&$select=id,serialNumber`,
    `${graph}/v1.0/devices?$filter=startswith(displayName,'LAB') and accountEnabled eq true&$count=true`,
    `${graph}/v1.0/users?$filter=startswith(userPrincipalName,'a')`,
    `${graph}/v1.0/auditLogs/directoryAudits?$filter=activityDateTime ge 2026-01-01T00:00:00Z&$top=3`,
    `${graph}/v1.0/auditLogs/signIns?$top=3`,
  ];
  const post: readonly [string, object][] = [
    [
      `${graph}/v1.0/groups`,
      {
        displayName: 'Kiosks',
        mailNickname: 'kiosks',
        mailEnabled: false,
        securityEnabled: true,
        groupTypes: ['DynamicMembership'],
        membershipRule: '(device.devicePhysicalIds -any (_ -eq "[OrderID]:Kiosk"))',
        membershipRuleProcessingState: 'On',
      },
    ],
    [
      `${wanted}/windowsAutopilotDeploymentProfiles`,
      {
        '@odata.type': '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile',
        displayName: 'Another',
        preprovisioningAllowed: true,
        deviceNameTemplate: 'PC-%RAND:4%',
        outOfBoxExperienceSetting: { userType: 'standard', eulaHidden: true },
      },
    ],
    [`${graph}/v1.0/$batch`, { requests: [{ id: '1', method: 'GET', url: '/devices?$top=1' }] }],
  ];
  return [
    ...get.map((url) => ({ url: encodeURI(url) })),
    ...post.map(([url, body]) => ({ url, method: 'POST', body: JSON.stringify(body) })),
  ].map((request) => ({
    ...request,
    service: 'graph',
    operation: new URL(request.url).pathname,
    headers: { ...headers, 'Content-Type': 'application/json' },
  }));
}

/** A request of a run with one thing changed, most often in its body; what was changed is its operation's name. */
export function mutantOf(request: DeviceRequest, dice: Dice): DeviceRequest {
  const kind = dice.roll(2) === 0 ? 'body' : dice.pick(Object.keys(changes));
  return { ...(changes[kind]?.(request, dice) ?? request), operation: `${request.operation}, ${kind} changed` };
}
