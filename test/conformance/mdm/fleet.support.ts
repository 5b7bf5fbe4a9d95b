import { windowsCsr } from '@greenscreen/device/enroll';
import { encodeFleetToken, type encodeOrbitEnrollment, fleetPaths, type FleetToken } from '@greenscreen/wire/fleet';
import { encodeDiscoverRequest } from '@greenscreen/wire/mde2';
import { tokenTypes } from '@greenscreen/wire/soap';
import { alertCode, alertType, type Command, encodeCommand } from '@greenscreen/wire/syncml';
import { encodeIssueRequest } from '@greenscreen/wire/wstep';
import { encodeGetPoliciesRequest } from '@greenscreen/wire/xcep';
import { randomUUID } from 'node:crypto';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';
import { type TestTenant } from '../../support/tenant.js';
import { alert } from './session.support.js';
import { deviceKeys, post } from './support.js';

export const fleetOf = ({ domain }: TestTenant): string => `https://fleet.${domain}`;

/** What Fleet's agent sends of a host. */
export const orbitHost = (change: Partial<Parameters<typeof encodeOrbitEnrollment>[0]> = {}) => ({
  enrollSecret: 'lab-secret',
  hardwareUuid: randomUUID().toUpperCase(),
  hardwareSerial: 'LAB-F1',
  hostname: 'DESKTOP-F1',
  platform: 'windows',
  osqueryIdentifier: randomUUID(),
  computerName: 'DESKTOP-F1',
  hardwareModel: 'Book 3',
  ...change,
});

export const orbit = (cloud: TestCloud, lab: TestTenant, path: 'orbitEnroll' | 'orbitConfig', body: string): Promise<TestResponse> =>
  cloud.request(fleetOf(lab) + fleetPaths[path], { method: 'POST', headers: { 'content-type': 'application/json' }, body });

/** A token of the security header: `type`, and the text that is base64-encoded there. */
export interface ClientToken {
  readonly valueType: string;
  readonly text: string;
}
export const programmatic = (orbitNodeKey: string): ClientToken => opaque({ kind: 'programmatic', orbitNodeKey });
export const opaque = (token: FleetToken): ClientToken => ({ valueType: tokenTypes.user, text: encodeFleetToken(token) });
export const entra = (text: string): ClientToken => ({ valueType: tokenTypes.jwt, text });

/** Every client of this kind sends the same request, whose DeviceID is none of theirs. */
let constantCsr: Promise<Buffer> | undefined;
const madeCsr = async (): Promise<Buffer> =>
  windowsCsr({
    keys: await deviceKeys(),
    deviceId: '8090C8B484A0E24EB5C56E806CB4EE5B',
    guid: randomUUID(),
    hash: 'sha256',
    subjectEncoding: 'utf8',
  });

const discovered = { deviceType: 'CIMClient_Windows', applicationVersion: '6.2.9200.1', osEdition: '48' };

/**
 * As Fleet's own test client behaves (`pkg/mdm/mdmtest`; reference 04, section 9): fixed paths, no certificate, any answer must be a 200,
 * commands by their CmdID, the next message is the last one plus one, integers everywhere, Final in the first message of a session only.
 */
export class FleetTestClient {
  readonly deviceId = randomUUID();
  readonly hardwareId = randomUUID();
  /** CmdIDs of the last answer, as they stood there: those that come twice are one in the map. */
  numbers: readonly string[] = [];
  private last: { sessionId: number; msgId: number } | undefined;
  private readonly server: string;

  constructor(
    private readonly cloud: () => TestCloud,
    lab: TestTenant,
    private readonly token: ClientToken,
  ) {
    this.server = fleetOf(lab);
  }

  discover(change: Partial<Parameters<typeof encodeDiscoverRequest>[1]> = {}): Promise<TestResponse> {
    const url = this.server + fleetPaths.discovery;
    const request = { ...discovered, emailAddress: '', requestVersion: '5.0', authPolicies: ['OnPremise', 'Federated'], ...change };
    return post(this.cloud(), url, encodeDiscoverRequest(url, request));
  }

  policies(): Promise<TestResponse> {
    const to = this.server + fleetPaths.policy;
    return post(
      this.cloud(),
      to,
      encodeGetPoliciesRequest({ to, token: this.token, tpmManufacturer: 'IBM', tpmFirmwareVersion: '8217.4131.22.13878' }),
    );
  }

  /** RequestSecurityToken; an item of `undefined` is left out. */
  async request(change: Record<string, string | undefined> = {}): Promise<TestResponse> {
    const to = this.server + fleetPaths.enroll;
    const items: Record<string, string | undefined> = {
      UXInitiated: 'false',
      HWDevID: this.hardwareId,
      Locale: 'en-US',
      TargetedUserLoggedIn: 'true',
      OSEdition: '48',
      DeviceName: 'DESKTOP-F1',
      MAC: '02-00-5E-10-00-02',
      DeviceID: this.deviceId,
      EnrollmentType: 'Full',
      DeviceType: 'CIMClient_Windows',
      OSVersion: '10.0.22598.1',
      ApplicationVersion: '10.0.22598.1',
      NotInOobe: 'false',
      RequestVersion: '5.0',
      ...change,
    };
    const csr = await (constantCsr ??= madeCsr());
    const context = Object.entries(items).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
    return post(this.cloud(), to, encodeIssueRequest({ to, token: this.token, csr, context }));
  }

  /** Discovery, policy, enrollment. The client looks at nothing but the status; here a fault counts as a failure too. */
  async enroll(): Promise<TestResponse> {
    const answers = [await this.discover(), await this.policies(), await this.request()];
    for (const answer of answers) if (answer.status !== 200 || answer.text().includes('s:fault')) throw new Error(answer.text());
    return answers[2]!;
  }

  /** Package 1; commands of the answer by CmdID. */
  startManagementSession(): Promise<Map<string, string>> {
    const login = alert(3, alertType.loginStatus, 'user');
    const information = { DevId: this.deviceId, Man: 'VMware, Inc.', Mod: 'VMware7,1', DmV: '1.3', Lang: 'en-US' };
    return this.manage((this.last?.sessionId ?? 0) + 1, 1, [
      { verb: 'Alert', cmdId: '2', code: alertCode.clientInitiated, items: [] },
      login,
      { verb: 'Replace', cmdId: '4', items: Object.entries(information).map(([name, data]) => ({ source: `./DevInfo/${name}`, data })) },
    ]);
  }

  sendResponse(commands: readonly Command[]): Promise<Map<string, string>> {
    if (!this.last) throw new Error('There is no session');
    return this.manage(this.last.sessionId, this.last.msgId + 1, commands);
  }

  send(body: string, clientCertificate?: Buffer): Promise<TestResponse> {
    return this.cloud().request(this.server + fleetPaths.management, {
      method: 'POST',
      body,
      ...(clientCertificate ? { clientCertificate } : {}),
    });
  }

  message(sessionId: number, msgId: number, commands: readonly Command[], source: string = this.deviceId): string {
    const final = msgId === 1 ? '<Final/>' : '';
    return `<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>${sessionId}</SessionID><MsgID>${msgId}</MsgID><Target><LocURI>${this.server}${fleetPaths.management}</LocURI></Target><Source><LocURI>${source}</LocURI></Source></SyncHdr><SyncBody>${commands.map((command) => encodeCommand(command).toString()).join('')}${final}</SyncBody></SyncML>`;
  }

  private async manage(sessionId: number, msgId: number, commands: readonly Command[]): Promise<Map<string, string>> {
    const answer = await this.send(this.message(sessionId, msgId, commands));
    if (answer.status !== 200) throw new Error(`request error: ${answer.status}`);
    const text = answer.text();
    if (!text.startsWith('<SyncML xmlns="SYNCML:SYNCML1.2">')) throw new Error(`no SyncML: ${text}`);
    this.last = { sessionId: integer(text, 'SessionID'), msgId: integer(text, 'MsgID') };
    this.numbers = [...text.matchAll(/<CmdID>(\d+)<\/CmdID>/g)].map(([, cmdId = '']) => cmdId);
    const found = [...text.matchAll(/<(Status|Get|Add|Replace|Delete|Exec|Atomic)><CmdID>(\d+)<\/CmdID>/g)];
    return new Map(found.map(([, verb = '', cmdId = '']) => [cmdId, verb]));
  }
}

/** `strconv.Atoi`. */
function integer(text: string, name: string): number {
  const value = new RegExp(`<${name}>(\\d+)</${name}>`).exec(text)?.[1];
  if (value === undefined) throw new Error(`${name} is no integer`);
  return Number(value);
}
