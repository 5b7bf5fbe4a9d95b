import { type KeyPair } from '@greenscreen/crypto/keys';
import { descendantsOf, parseXml } from '@greenscreen/wire/xml';
import { createDecipheriv, randomUUID, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';
import { opensslBytes } from '../../support/openssl.js';
import { csrOf } from '../drs/support.js';
import { at, type Dict, listOf, textAt, type XmlDict, xmlDict } from './xml-dict.support.js';

const verbs = ['Get', 'Atomic', 'Add', 'Replace', 'Exec', 'Sequence', 'Delete'] as const;
type Verb = (typeof verbs)[number];
export type PytuneCommands = Readonly<Record<Verb, XmlDict[]>>;

const GRAPH_ENDPOINTS =
  'https://graph.microsoft.com/v1.0/myorganization/servicePrincipals/appId=0000000a-0000-0000-c000-000000000000/endpoints';
const SECEXT = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const CHECK_IN = 'https://r.manage.microsoft.com/devicegatewayproxy/cimhandler.ashx';
const ADDRESSES = 'https://manage.microsoft.com/RestUserAuthLocationService/RestUserAuthLocationService/Certificate/ServiceAddresses';
const IW_QUERY =
  '?api-version=16.4&ssp=WindowsSSP&ssp-version=10.0.19045.2006&os=Windows&os-version=10.0.19045.2006&os-sub=None&arch=ARM&mgmt-agent=Mdm';

/** How the public client pytune goes through enrollment and management (secureworks/pytune; reference 04, section 9), by its own steps. */
export class Pytune {
  constructor(
    private readonly cloud: () => TestCloud,
    /** Entra device id. */
    readonly deviceId: string,
    readonly name = 'PYTUNE-1',
  ) {}

  /** `get_enrollment_info` */
  async endpoint(accessToken: string, providerName: string): Promise<string> {
    const answer = await this.get(GRAPH_ENDPOINTS, accessToken);
    const { value } = answer.json() as { value: { providerName: string; uri: string }[] };
    const found = value.find((entry) => entry.providerName === providerName);
    if (!found) throw new Error(`No ${providerName}`);
    return found.uri;
  }

  /** `send_enroll_request`, `parse_enroll_response`: no Discover, no GetPolicies; base64 DER of the certificate. */
  async enroll(url: string, token: string, keys: KeyPair, { tid, ztdId, virtualMachine = false }: EnrollOptions): Promise<string> {
    const items: Record<string, string> = {
      UXInitiated: 'true',
      HWDevID: `${this.deviceId}${tid}`.replaceAll('-', ''),
      AzVMIAMExtensionJoin: virtualMachine ? 'True' : 'False',
      BootstrapDomainJoin: 'true',
      NotInOobe: 'false',
      ...(ztdId === undefined ? {} : { ZeroTouchProvisioning: ztdId }),
      Locale: 'en-US',
      TargetedUserLoggedIn: 'false',
      EnrollmentData: 'null',
      OSEdition: '72',
      DeviceName: this.name,
      MAC: '00-00-00-00-00-00',
      DeviceID: this.deviceId.replaceAll('-', ''),
      EnrollmentType: 'Device',
      DeviceType: 'CIMClient_Windows',
      OSVersion: '10.0.19045.2006',
      ApplicationVersion: '10.0.19045.2006',
    };
    const answer = await this.cloud().request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
      body: rst(url, token, (await csrOf(keys, 'ConfigMgrEnroll')).toString('base64'), items),
    });
    // `.//{…secext-1.0.xsd}BinarySecurityToken`: the first one anywhere, whatever the status is.
    const token64 = descendantsOf(parseXml(answer.body), SECEXT, 'BinarySecurityToken')[0]?.text;
    if (token64 === undefined) throw new Error(answer.text());
    const document = xmlDict(Buffer.from(token64, 'base64').toString('utf8'));
    const certificate = depthFourParms(document)[2];
    if (certificate === undefined) throw new Error('No third parm');
    return textAt(certificate, '@value');
  }

  /** `checkin`: what the server has sent, by verb, and how many messages it took. */
  async checkIn(clientCertificate: Buffer, keys: KeyPair, { hwhash, meanwhile }: CheckInOptions = {}): Promise<CheckIn> {
    const imei = randomUUID();
    const sent: PytuneCommands[] = [];
    let unenrolled = false;
    let body = firstMessage(imei, this.name, hwhash);
    for (let msgId = 1; ; msgId += 1) {
      if (msgId > 30) throw new Error('It goes on for ever');
      const answer = await this.cloud().request(CHECK_IN, {
        method: 'POST',
        headers: { 'user-agent': 'MSFT Windows OMA DM Client/2.7', 'content-type': 'application/vnd.syncml.dm+xml' },
        body,
        clientCertificate,
        clientKey: keys.privateKey,
      });
      const text = answer.text();
      // Two literals are looked for, whatever the status is; what is then no XML ends it with an exception.
      unenrolled ||= text.includes('Unenroll');
      if (text.includes('Bad Request')) return { messages: msgId, sent, unenrolled, refused: true };
      const commands = parseSyncMl(text);
      if (!commands) return { messages: msgId, sent, unenrolled, refused: false };
      sent.push(commands);
      if (msgId === 1) await meanwhile?.();
      body = response(msgId + 1, imei, this.name, commands, hwhash);
    }
  }

  /** `request_policy`, `get_selected_app`, `get_content_info`, `download_decrypt_intunewin`. */
  async downloads(clientCertificate: Buffer, keys: KeyPair): Promise<{ scripts: unknown[]; apps: Map<string, Buffer> }> {
    const services = (await this.cloud().request(ADDRESSES, { clientCertificate, clientKey: keys.privateKey })).json() as {
      Services: { ServiceName: string; Url: string }[];
    }[];
    const gateway = services[0]?.Services.find(({ ServiceName }) => ServiceName === 'SideCarGatewayService')?.Url ?? '';
    const ask = async (type: string, payload?: unknown): Promise<string> => {
      const session = randomUUID();
      const answer = await this.cloud().request(`${gateway}/SideCarGatewaySessions('${session}')?api-version=1.5`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', prefer: 'return-content' },
        body: JSON.stringify({
          Key: session,
          SessionId: session,
          RequestContentType: type,
          RequestPayload: payload === undefined ? '[]' : JSON.stringify(payload),
          ClientInfo: JSON.stringify({ DeviceName: this.name }),
          ResponsePayload: null,
          CheckinReason: 'AgentRestart',
        }),
        clientCertificate,
        clientKey: keys.privateKey,
      });
      return (answer.json() as { ResponsePayload: string }).ResponsePayload;
    };
    const scripts = [...(JSON.parse(await ask('PolicyRequest')) as unknown[]), ...(JSON.parse(await ask('GetScript')) as unknown[])];
    const packed = Buffer.from(await ask('GetSelectedApp'), 'base64');
    const unpacked = gunzipSync(packed.subarray(4)).subarray(0, packed.readUInt32LE());
    const apps = new Map<string, Buffer>();
    for (const app of JSON.parse(unpacked.toString('utf8')) as { Id: string; Version: string; Intent: number; Name: string }[]) {
      const info = JSON.parse(
        await ask('GetContentInfo', {
          ApplicationId: app.Id,
          ApplicationVersion: app.Version,
          Intent: app.Intent,
          CertificateBlob: clientCertificate.toString('base64'),
          EspPhase: 2,
          ApplicationName: app.Name,
        }),
      ) as { ContentInfo: string; DecryptInfo: string };
      const { UploadLocation } = JSON.parse(info.ContentInfo) as { UploadLocation: string };
      const secret = JSON.parse(await openedWithOpenssl(between(info.DecryptInfo, '<EncryptedContent>', '</EncryptedContent>'), keys)) as {
        EncryptionKey: string;
        IV: string;
      };
      const content = (await this.cloud().request(UploadLocation)).body.subarray(48);
      const decipher = createDecipheriv('aes-256-cbc', Buffer.from(secret.EncryptionKey, 'base64'), Buffer.from(secret.IV, 'base64'));
      apps.set(app.Name, Buffer.concat([decipher.update(content), decipher.final()]));
    }
    return { scripts, apps };
  }

  /** `Linux.send_enroll_request`, `parse_enroll_response`: DER of the certificate. */
  async enrollLinux(url: string, token: string, keys: KeyPair): Promise<Buffer> {
    const csr = (await csrOf(keys, this.name)).toString('base64');
    const answer = await this.postJson(`${url}/enroll?api-version=1.0`, token, {
      CertificateSigningRequest: `-----BEGIN CERTIFICATE REQUEST-----\n${csr}\n-----END CERTIFICATE REQUEST-----\n`,
      AppVersion: '0.0.0',
      DeviceName: this.name,
    });
    const { certificate } = answer.json() as { certificate?: { certBlob: number[] } };
    if (!certificate) throw new Error(answer.text());
    return Buffer.from(certificate.certBlob);
  }

  /** `Linux.checkin`: the device's id is its certificate's name; an answer without a friendly name means that it has been retired. */
  async checkInLinux(url: string, token: string, certificate: Buffer): Promise<{ retired: boolean; policies: readonly unknown[] }> {
    const DeviceId = new X509Certificate(certificate).subject.split('=')[1] ?? '';
    const details = { DeviceId, DeviceName: this.name, Manufacturer: 'VMware, Inc.', OSDistribution: 'Ubuntu', OSVersion: '22.04' };
    const named = (await this.postJson(`${url}/details?api-version=1.0`, token, details)).json() as Record<string, unknown>;
    if (!('deviceFriendlyName' in named)) return { retired: true, policies: [] };
    const { policies } = (await this.get(`${url}/policies/${DeviceId}?api-version=1.0`, token)).json() as { policies: unknown[] };
    await this.postJson(`${url}/status?api-version=1.0`, token, { DeviceId, PolicyStatuses: [] });
    return { retired: false, policies };
  }

  /** `token_renewal_for_enrollment` */
  async renewedToken(url: string, accessToken: string): Promise<string> {
    return ((await this.get(`${url}?api-version=1.0`, accessToken)).json() as { Result: { Token: string } }).Result.Token;
  }

  /** `get_device_info`: a member of the entry with this device's AadId; undefined when there is none. */
  async deviceInfo(iwService: string, token: string, key: string): Promise<unknown> {
    const { value } = (await this.get(`${iwService}/Devices${IW_QUERY}`, token)).json() as { value: Record<string, unknown>[] };
    return value.find(({ AadId }) => AadId === this.deviceId)?.[key];
  }

  /** `send_retire_request` */
  async retire(target: string, token: string): Promise<number> {
    const headers = { authorization: `Bearer ${token}` };
    return (await this.cloud().request(target + IW_QUERY, { method: 'POST', headers, body: '' })).status;
  }

  private postJson(url: string, token: string, body: unknown): Promise<TestResponse> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return this.cloud().request(url, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  private get(url: string, token: string): Promise<TestResponse> {
    return this.cloud().request(url, { headers: { authorization: `Bearer ${token}` } });
  }
}

export interface EnrollOptions {
  readonly tid: string;
  readonly ztdId?: string;
  readonly virtualMachine?: boolean;
}

export interface CheckIn {
  readonly messages: number;
  readonly sent: readonly PytuneCommands[];
  readonly unenrolled: boolean;
  readonly refused: boolean;
}

export interface CheckInOptions {
  readonly hwhash?: string;
  /** What happens after the first message. */
  readonly meanwhile?: () => Promise<unknown>;
}

/** `extract_profiles`: what an Add sets, without what the client takes for noise. */
export const profilesOf = ({ sent }: CheckIn): string[] =>
  sent.flatMap(({ Add }) => Add.map((command) => textAt(command, 'Item', 'Target', 'LocURI')));

/** `extract_msi_url` */
export const msiUrlsOf = ({ sent }: CheckIn): string[] =>
  sent.flatMap(({ Exec }) =>
    Exec.filter((command) => textAt(command, 'Item', 'Target', 'LocURI').includes('DownloadInstall')).map((command) =>
      between(textAt(command, 'Item', 'Data'), '<ContentURL>', '</ContentURL>'),
    ),
  );

const between = (text: string, start: string, end: string): string =>
  text.slice(text.indexOf(start) + start.length, text.indexOf(end)).trim();

function depthFourParms(document: Dict): XmlDict[] {
  const children = (level: readonly XmlDict[], name: string): XmlDict[] =>
    level.flatMap((element) =>
      typeof element === 'object' && element !== null && !Array.isArray(element) ? listOf((element as Dict)[name]) : [],
    );
  let level = listOf(document['wap-provisioningdoc']);
  for (let depth = 0; depth < 4; depth += 1) level = children(level, 'characteristic');
  return children(level, 'parm');
}

/** `parse_syncml`: undefined when there is nothing to do. A list of Items, or a leaf that is no text, ends the client. */
function parseSyncMl(text: string): PytuneCommands | undefined {
  const results: PytuneCommands = { Get: [], Atomic: [], Add: [], Replace: [], Exec: [], Sequence: [], Delete: [] };
  collect(at(xmlDict(text), 'SyncML', 'SyncBody'), results);
  return verbs.some((verb) => results[verb].length > 0) ? results : undefined;
}

function collect(input: XmlDict, results: PytuneCommands): void {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return;
  for (const verb of verbs) {
    for (const command of listOf((input as Dict)[verb])) {
      if (verb === 'Atomic' || verb === 'Sequence') {
        results[verb].push({ CmdID: textAt(command, 'CmdID') });
        collect(command, results);
      } else results[verb].push(command);
    }
  }
}

/** What this client knows of itself; everything else is 404. */
const knowledge = (name: string, hwhash: string | undefined): Readonly<Record<string, string | undefined>> => ({
  './DevDetail/SwV': '10.0.19045.2006',
  './Vendor/MSFT/NodeCache/MS%20DM%20Server/CacheVersion': '',
  './DevDetail/Ext/Microsoft/DeviceName': name,
  './DevDetail/Ext/DeviceHardwareData': hwhash,
  './Vendor/MSFT/DMClient/HWDevID': 'A'.repeat(64),
});

const header = (msgId: number, imei: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>${msgId}</MsgID><Target><LocURI>${CHECK_IN}</LocURI></Target><Source><LocURI>imei:${imei}</LocURI></Source></SyncHdr>`;

function firstMessage(imei: string, name: string, hwhash: string | undefined): string {
  const event = (cmdId: number, type: string, data: string): string =>
    `<Alert><CmdID>${cmdId}</CmdID><Data>1224</Data><Item><Meta><Type xmlns="syncml:metinf">com.microsoft/MDM/${type}</Type></Meta><Data xmlns="SYNCML:SYNCML1.2">${data}</Data></Item></Alert>`;
  const alerts =
    hwhash === undefined
      ? ''
      : `<Alert><CmdID>2</CmdID><Data>1201</Data></Alert>${event(3, 'LoginStatus', 'others')}${event(4, 'BootstrapSync', 'device')}${event(5, 'OdjSync', 'device')}`;
  const information = { DevId: `imei:${imei}`, Man: 'Microsoft Corporation', Mod: 'VMware7.1', DmV: '1.3', Lang: 'en-US' };
  const items = Object.entries(information).map(
    ([key, data]) => `<Item><Source><LocURI>./DevInfo/${key}</LocURI></Source><Data>${data}</Data></Item>`,
  );
  return `${header(1, imei)}<SyncBody>${alerts}<Replace><CmdID>6</CmdID>${items.join('')}</Replace><Final></Final></SyncBody></SyncML>`;
}

/** `generate_syncml_response`: statuses for statuses too, CmdIDs that skip and repeat, everything but an unknown Get is 200. */
function response(msgId: number, imei: string, name: string, commands: PytuneCommands, hwhash: string | undefined): string {
  const msgRef = msgId - 1;
  const status = (cmdId: number, cmdRef: string, cmd: string, data: string): string =>
    `<Status><CmdID>${cmdId}</CmdID><MsgRef>${msgRef}</MsgRef><CmdRef>${cmdRef}</CmdRef><Cmd>${cmd}</Cmd><Data>${data}</Data></Status>`;
  const statuses = [status(1, '0', 'SyncHdr', '200'), status(3, '1', 'Status', '200')];
  const results: string[] = [];
  let cmdId = 8;
  for (const verb of verbs)
    for (const command of commands[verb]) {
      const cmdRef = textAt(command, 'CmdID');
      if (verb !== 'Get') {
        statuses.push(status(cmdId, cmdRef, verb, '200'));
        cmdId += 1;
        continue;
      }
      const uri = textAt(command, 'Item', 'Target', 'LocURI');
      const data = knowledge(name, hwhash)[uri];
      if (data !== undefined)
        results.push(
          `<Results><CmdID>${cmdId + 1}</CmdID><MsgRef>${msgRef}</MsgRef><CmdRef>${cmdRef}</CmdRef><Item><Source><LocURI>${uri}</LocURI></Source><Meta><Format xmlns="syncml:metinf">chr</Format></Meta><Data>${data}</Data></Item></Results>`,
        );
      statuses.push(status(cmdId, cmdRef, 'Get', data === undefined ? '404' : '200'));
      cmdId += 2;
    }
  return `${header(msgId, imei)}<SyncBody>${statuses.join('')}${results.join('')}<Final></Final></SyncBody></SyncML>`;
}

function rst(url: string, token: string, csr: string, items: Readonly<Record<string, string>>): string {
  const context = Object.entries(items).map(
    ([name, value]) => `\n<ac:ContextItem Name="${name}">\n<ac:Value>${value}</ac:Value>\n</ac:ContextItem>`,
  );
  return `
    <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:wsse="${SECEXT}" xmlns:wst="http://docs.oasis-open.org/ws-sx/ws-trust/200512" xmlns:ac="http://schemas.xmlsoap.org/ws/2006/12/authorization">
      <s:Header>
        <a:Action s:mustUnderstand="1">http://schemas.microsoft.com/windows/pki/2009/01/enrollment/RST/wstep</a:Action>
        <a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>
        <a:To s:mustUnderstand="1">${url}</a:To>
        <wsse:Security s:mustUnderstand="1">
          <wsse:BinarySecurityToken ValueType="urn:ietf:params:oauth:token-type:jwt" EncodingType="${SECEXT}#base64binary">${Buffer.from(token).toString('base64')}</wsse:BinarySecurityToken>
        </wsse:Security>
      </s:Header>
      <s:Body>
        <wst:RequestSecurityToken>
          <wst:TokenType>http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentToken</wst:TokenType>
          <wst:RequestType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/Issue</wst:RequestType>
          <wsse:BinarySecurityToken ValueType="http://schemas.microsoft.com/windows/pki/2009/01/enrollment#PKCS10" EncodingType="${SECEXT}#base64binary">${csr}</wsse:BinarySecurityToken>
          <ac:AdditionalContext xmlns="http://schemas.xmlsoap.org/ws/2006/12/authorization">${context.join('')}</ac:AdditionalContext>
        </wst:RequestSecurityToken>
      </s:Body>
    </s:Envelope>`;
}

/** `save_encrypted_message_as_smime`, `openssl cms -decrypt -inkey`. */
async function openedWithOpenssl(encrypted: string, { privateKey }: KeyPair): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pytune-'));
  try {
    const file = join(folder, 'key.pem');
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const lines = encrypted.match(/.{1,64}/g) ?? [];
    const message = `MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\nContent-Transfer-Encoding: base64\n\n${lines.join('\n')}`;
    return (await opensslBytes(['cms', '-decrypt', '-inkey', file], message)).toString('utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}
