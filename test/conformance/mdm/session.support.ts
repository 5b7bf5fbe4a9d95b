import {
  alertCode,
  alertType,
  type Command,
  decodeSyncMessage,
  encodeSyncMessage,
  type Item,
  type Status,
  SYNCML_TYPE,
  type SyncMessage,
  type TreeCommand,
} from '@greenscreen/wire/syncml';
import { MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';
import { type TestTenant } from '../../support/tenant.js';
import { DM_DEVICE_ID, documentOf, enrollWhiteGlove, joinedAutopilotDevice, type TestDevice } from './support.js';

export const MANAGEMENT = 'https://r.manage.microsoft.com/devicegatewayproxy/cimhandler.ashx';
const QUERY = '?mode=Maintenance&Platform=WoA';
export const DM_CLIENT = './Device/Vendor/MSFT/DMClient/Provider/MS%20DM%20Server';
export const FIRST_SYNC = `${DM_CLIENT}/FirstSyncStatus`;
export const TRACKING = './Device/Vendor/MSFT/EnrollmentStatusTracking';
export const AGENT = './Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/%7B2FE7E6F1-0A61-4C6C-9C8F-3D1F2F5B7A10%7D';

/** What a device answers to a command: a status, and for Get a value. */
export interface Answer {
  readonly code: number;
  readonly value?: string;
}
/** Values of the device's nodes, and statuses that differ from 200 (404 for a Get without a value). */
export interface Behaviour {
  readonly values?: Readonly<Record<string, string>>;
  readonly codes?: Readonly<Record<string, number>>;
  /** URIs whose commands it never acknowledges. */
  readonly mute?: readonly string[];
}

export interface ManagedTestDevice extends TestDevice {
  readonly certificate: Buffer;
  /** Intune device id. */
  readonly id: string;
}

/** A device after its white-glove enrollment. */
export async function managedDevice(cloud: TestCloud, lab: TestTenant): Promise<ManagedTestDevice> {
  const device = await joinedAutopilotDevice(cloud, lab);
  const { certificates } = documentOf(await enrollWhiteGlove(cloud, lab, device));
  const { id } = await cloud.context.dataSource.manager.findOneByOrFail(MdmEnrollment, { ztdId: device.ztdId, state: 'issued' });
  return { ...device, certificate: certificates.device.der, id };
}

export const stateOf = async (cloud: TestCloud, { id }: { readonly id: string }): Promise<string> =>
  (await cloud.context.dataSource.manager.findOneByOrFail(MdmEnrollment, { id })).state;

export const send = (
  cloud: TestCloud,
  certificate: Buffer | undefined,
  body: Buffer | string,
  { url = MANAGEMENT + QUERY, headers = {} }: { url?: string; headers?: Record<string, string> } = {},
): Promise<TestResponse> =>
  cloud.request(url, {
    method: 'POST',
    headers: { 'content-type': SYNCML_TYPE, 'user-agent': 'MSFT OMA DM Client/1.2.0.1', ...headers },
    body,
    ...(certificate ? { clientCertificate: certificate } : {}),
  });

export function replyOf(response: TestResponse): SyncMessage {
  if (response.status !== 200) throw new Error(`Refused: ${response.status} ${response.text()}`);
  return decodeSyncMessage(response.body);
}

/** Commands of an answer that act on nodes, members of groups among them. */
export const worksOf = ({ commands }: Pick<SyncMessage, 'commands'>): TreeCommand[] =>
  commands.flatMap((command) => {
    if ('commands' in command) return worksOf(command);
    return command.verb === 'Status' || command.verb === 'Results' || command.verb === 'Alert' ? [] : [command];
  });
/** `Verb LocURI` of each. */
export const namesOf = (message: Pick<SyncMessage, 'commands'>): string[] =>
  worksOf(message).map(({ verb, items }) => `${verb} ${items[0]?.target ?? ''}`);
export const statusesOf = ({ commands }: SyncMessage): Status[] => commands.filter((command) => command.verb === 'Status');

export const alert = (cmdId: number, type: string, data: string, more: Partial<Item> = {}): Command => ({
  verb: 'Alert',
  cmdId: String(cmdId),
  code: alertCode.clientEvent,
  items: [{ meta: { type, ...more.meta }, data, ...(more.source ? { source: more.source } : {}) }],
});

export interface SessionOptions extends Behaviour {
  readonly sessionId?: string;
  readonly login?: 'user' | 'others' | 'none';
  readonly alerts?: readonly Command[];
}

/** A device in one session: package 1 of the native client, then answers to whatever comes, until nothing comes. */
export class DmClient {
  constructor(
    private readonly cloud: () => TestCloud,
    readonly device: ManagedTestDevice,
  ) {}

  async message(sessionId: string, msgId: number, commands: readonly Command[]): Promise<SyncMessage> {
    const header = { sessionId, msgId: String(msgId), target: MANAGEMENT, source: DM_DEVICE_ID };
    return replyOf(await send(this.cloud(), this.device.certificate, encodeSyncMessage({ header, commands, final: true })));
  }

  /** Runs a session to its end; the answers in their order. */
  async session(options: SessionOptions = {}): Promise<SyncMessage[]> {
    const { sessionId = '1' } = options;
    const answers = [await this.message(sessionId, 1, packageOne(options))];
    for (let msgId = 2; namesOf(answers.at(-1)!).length > 0; msgId += 1) {
      if (msgId > 20) throw new Error('The session does not end: ' + JSON.stringify(answers.map(namesOf)).slice(0, 3000));
      answers.push(await this.message(sessionId, msgId, reactions(answers.at(-1)!, options)));
    }
    return answers;
  }
}

/** Reference 04, 4.2: CmdIDs from 2, five DevInfo items by Source. */
export function packageOne({ login = 'others', alerts = [] }: Pick<SessionOptions, 'login' | 'alerts'> = {}): Command[] {
  const before: Command[] = [
    { verb: 'Alert', cmdId: '2', code: alertCode.clientInitiated, items: [] },
    alert(3, alertType.loginStatus, login),
    ...alerts,
  ];
  const information = { DevId: DM_DEVICE_ID, Man: 'Contoso', Mod: 'Lab 1', DmV: '1.3', Lang: 'en-US' };
  const items = Object.entries(information).map(([name, data]) => ({ source: `./DevInfo/${name}`, data }));
  return [...before, { verb: 'Replace', cmdId: String(before.length + 2), items }];
}

/** What a device says to an answer: a status each, results of Gets. */
export function reactions({ header, commands }: SyncMessage, { values = {}, codes = {}, mute = [] }: Behaviour): Command[] {
  const said: Command[] = [];
  const next = (): string => String(said.length + 1);
  const acknowledge = (cmd: string, cmdRef: string, code: number): void => {
    said.push({ verb: 'Status', cmdId: next(), msgRef: header.msgId, cmdRef, cmd, targetRefs: [], sourceRefs: [], code, items: [] });
  };
  const react = (command: Command): void => {
    if (command.verb === 'Status' || command.verb === 'Results' || command.verb === 'Alert') return;
    if ('commands' in command) {
      acknowledge(command.verb, command.cmdId, codes[command.verb] ?? 200);
      command.commands.forEach(react);
      return;
    }
    const uri = command.items[0]?.target ?? '';
    if (mute.includes(uri)) return;
    const value = values[uri];
    const code = codes[uri] ?? (command.verb !== 'Get' ? 200 : value === undefined ? 404 : 200);
    acknowledge(command.verb, command.cmdId, code);
    if (command.verb === 'Get' && code === 200 && value !== undefined)
      said.push({ verb: 'Results', cmdId: next(), msgRef: header.msgId, cmdRef: command.cmdId, items: [{ source: uri, data: value }] });
  };
  acknowledge('SyncHdr', '0', 200);
  commands.forEach(react);
  return said;
}

/** What a device reports when the management extension is up and the page goes on. */
export const agentUp = {
  [`${AGENT}/Status`]: '70',
  [`${TRACKING}/DevicePreparation/PolicyProviders/Sidecar/InstallationState`]: '3',
  [`${TRACKING}/Setup/Apps/PolicyProviders/Sidecar/TrackingPoliciesCreated`]: 'true',
  [`${FIRST_SYNC}/ServerHasFinishedProvisioning`]: 'false',
} as const;
/** … and when the device part is green. */
export const green = {
  ...agentUp,
  [`${FIRST_SYNC}/ServerHasFinishedProvisioning`]: 'true',
  [`${FIRST_SYNC}/IsSyncDone`]: 'true',
  [`${FIRST_SYNC}/WasDeviceSuccessfullyProvisioned`]: '1',
  [`${TRACKING}/Setup/HasProvisioningCompleted`]: 'true',
} as const;
