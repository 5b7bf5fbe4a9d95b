import { type KeyPair } from '@greenscreen/crypto/keys';
import { randomUUID } from 'node:crypto';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';
import { claims } from '../sts/support.js';
import { csrOf } from '../drs/support.js';
import { at, type Dict, listOf, textAt, type XmlDict, xmlDict } from './xml-dict.support.js';

const DISCOVERY = 'https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc';
const CHECK_IN = 'https://r.manage.microsoft.com/devicegatewayproxy/cimhandler.ashx?mode=Maintenance&Platform=WoA';
const SECEXT = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const soapHeaders = { 'content-type': 'application/soap+xml; charset=utf-8', 'user-agent': 'ENROLLClient' };

/** What the toolkit keeps of a command. */
interface Command {
  readonly type: string;
  readonly cmdId: string;
  readonly uri?: string;
  readonly msgRef?: string;
  readonly cmd?: string;
  readonly data?: string;
}

/** How AADInternals goes through enrollment and management (Gerenios/AADInternals `MDM.ps1`, `MDM_utils.ps1`; reference 04, section 9). */
export class AadInternals {
  constructor(
    private readonly cloud: () => TestCloud,
    readonly name = 'My computer',
  ) {}

  /** `Get-MDMEnrollmentService`: the address with the activity id appended. */
  async enrollmentService(userName = 'user@alt.none'): Promise<string> {
    const body = `<s:Envelope xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:s="http://www.w3.org/2003/05/soap-envelope">
\t<s:Header>
\t\t<a:Action s:mustUnderstand="1">http://schemas.microsoft.com/windows/management/2012/01/enrollment/IDiscoveryService/Discover</a:Action>
\t\t<a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>
\t\t<a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>
\t\t<a:To s:mustUnderstand="1">https://enrollment.manage.microsoft.com:443/enrollmentserver/discovery.svc</a:To>
\t</s:Header>
\t<s:Body>
\t\t<Discover xmlns="http://schemas.microsoft.com/windows/management/2012/01/enrollment">
\t\t\t<request xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
\t\t\t\t<EmailAddress>${userName}</EmailAddress><RequestVersion>4.0</RequestVersion><DeviceType>CIMClient_Windows</DeviceType>
\t\t\t\t<ApplicationVersion>10.0.18363.0</ApplicationVersion><OSEdition>4</OSEdition>
\t\t\t\t<AuthPolicies><AuthPolicy>OnPremise</AuthPolicy><AuthPolicy>Federated</AuthPolicy></AuthPolicies>
\t\t\t</request>
\t\t</Discover>
\t</s:Body>
</s:Envelope>`;
    const envelope = xmlDict(succeeded(await this.cloud().request(DISCOVERY, { method: 'POST', headers: soapHeaders, body })));
    // `.'#text'` is there for an element with attributes only.
    const activityId = textAt(envelope, 's:Envelope', 's:Header', 'ActivityId', '#text');
    const url = textAt(envelope, 's:Envelope', 's:Body', 'DiscoverResponse', 'DiscoverResult', 'EnrollmentServiceUrl');
    return url.endsWith(activityId) ? url : `${url}?client-request-id=${activityId}`;
  }

  /** `Enroll-DeviceToMDM`: certificates as base64 DER. A refusal is an exception because its status is one. */
  async enroll(token: string, keys: KeyPair, bulk = false): Promise<{ root: string; intermediate: string; device: string }> {
    const { upn, deviceid, tid } = claims(token) as { upn?: string; deviceid?: string; tid: string };
    if (deviceid === undefined) throw new Error('No device id included in access token!');
    const url = (await this.enrollmentService(upn)).replace(':443', '');
    const items: Record<string, string> = {
      // A `$` is missing in the script: what is sent is no boolean.
      UXInitiated: `((${pwsh(bulk)} -eq False).ToString().ToLower())`,
      HWDevID: `${deviceid}${tid}`.replaceAll('-', ''),
      BulkAADJ: String(bulk),
      Locale: 'en-US',
      TargetedUserLoggedIn: String(!bulk),
      EnrollmentData: '',
      OSEdition: '4',
      DeviceName: this.name,
      MAC: '00-00-00-00-00-00',
      DeviceID: deviceid.replaceAll('-', ''),
      EnrollmentType: 'Device',
      DeviceType: 'CIMClient_Windows',
      OSVersion: '10.0.18363.0',
      ApplicationVersion: '10.0.18363.0',
    };
    const context = Object.entries(items).map(
      ([name, value]) => `<ac:ContextItem Name="${name}"><ac:Value>${value}</ac:Value></ac:ContextItem>`,
    );
    const body = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:wsse="${SECEXT}" xmlns:wst="http://docs.oasis-open.org/ws-sx/ws-trust/200512" xmlns:ac="http://schemas.xmlsoap.org/ws/2006/12/authorization"><s:Header><a:Action s:mustUnderstand="1">http://schemas.microsoft.com/windows/pki/2009/01/enrollment/RST/wstep</a:Action><a:MessageID>urn:uuid:${randomUUID()}</a:MessageID><a:To s:mustUnderstand="1">${url}</a:To><wsse:Security s:mustUnderstand="1"><wsse:BinarySecurityToken ValueType="urn:ietf:params:oauth:token-type:jwt" EncodingType="${SECEXT}#base64binary">${Buffer.from(token).toString('base64')}</wsse:BinarySecurityToken></wsse:Security></s:Header><s:Body><wst:RequestSecurityToken><wst:TokenType>http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/DeviceEnrollmentToken</wst:TokenType><wst:RequestType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/Issue</wst:RequestType><wsse:BinarySecurityToken ValueType="http://schemas.microsoft.com/windows/pki/2009/01/enrollment#PKCS10" EncodingType="${SECEXT}#base64binary">${(await csrOf(keys, deviceid)).toString('base64')}</wsse:BinarySecurityToken><ac:AdditionalContext xmlns="http://schemas.xmlsoap.org/ws/2006/12/authorization">${context.join('')}</ac:AdditionalContext></wst:RequestSecurityToken></s:Body></s:Envelope>`;
    const answer = xmlDict(succeeded(await this.cloud().request(url, { method: 'POST', headers: soapHeaders, body })));
    const collection = at(answer, 's:Envelope', 's:Body', 'RequestSecurityTokenResponseCollection', 'RequestSecurityTokenResponse');
    const document = xmlDict(
      Buffer.from(textAt(collection, 'RequestedSecurityToken', 'BinarySecurityToken', '#text'), 'base64').toString('utf8'),
    );
    const [stores] = listOf(at(document, 'wap-provisioningdoc', 'characteristic'));
    const certificate = (index: number): string => {
      const store = listOf(at(stores ?? null, 'characteristic'))[index] ?? null;
      // One value: an array of them is no certificate.
      return textAt(store, 'characteristic', 'characteristic', 'parm', '@value');
    };
    return { root: certificate(0), intermediate: certificate(1), device: certificate(2) };
  }

  /** `Start-DeviceIntuneCallback`: LocURIs of what it was told to do, and how many messages it took. */
  async checkIn(
    clientCertificate: Buffer,
    keys: KeyPair,
    settings: Readonly<Record<string, string>>,
  ): Promise<{ messages: number; told: string[] }> {
    const information = { DevId: this.name, Man: 'Microsoft Corporation', Mod: 'Virtual Machine', DmV: '1.3', Lang: 'en-US' };
    const items = Object.entries(information).map(
      ([name, data]) => `<Item>\n<Source>\n<LocURI>./DevInfo/${name}</LocURI>\n</Source>\n<Data>${data}</Data>\n</Item>`,
    );
    const told: string[] = [];
    let body = `<Alert><CmdID>1</CmdID><Data>1201</Data></Alert><Replace><CmdID>2</CmdID>${items.join('')}</Replace>`;
    for (let msgId = 1; ; msgId += 1) {
      if (msgId > 30) throw new Error('It goes on for ever');
      const answer = await this.cloud().request(CHECK_IN, {
        method: 'POST',
        headers: {
          'content-type': 'application/vnd.syncml.dm+xml; charset=utf-8',
          accept: 'application/vnd.syncml.dm+xml, application/octet-stream',
          'user-agent': 'MSFT OMA DM Client/1.2.0.1',
        },
        body: this.message(msgId, body),
        clientCertificate,
        clientKey: keys.privateKey,
      });
      const commands = parse(succeeded(answer));
      told.push(...commands.flatMap(({ type, uri }) => (uri === undefined ? [] : [`${type} ${uri}`])));
      if (commands.length === 0) return { messages: msgId, told };
      body = autoResponse(commands, msgId, settings);
    }
  }

  /** No namespace, spaces in the declaration, the device's name for its Source. */
  private message(msgId: number, body: string): string {
    return `<?xml version = "1.0" encoding = "UTF-8" ?>
<SyncML>
\t<SyncHdr>
\t\t<VerDTD>1.2</VerDTD>
\t\t<VerProto>DM/1.2</VerProto>
\t\t<SessionID>1</SessionID>
\t\t<MsgID>${msgId}</MsgID>
\t\t<Target>
\t\t\t<LocURI>https://r.manage.microsoft.com/devicegatewayproxy/cimhandler.ashx</LocURI>
\t\t</Target>
\t\t<Source>
\t\t\t<LocURI>${this.name}</LocURI>
\t\t</Source>
\t</SyncHdr>
\t<SyncBody>
${body}
\t\t<Final/>
\t</SyncBody>
</SyncML>`;
  }
}

/** A boolean in a string of PowerShell. */
const pwsh = (value: boolean): string => (value ? 'True' : 'False');

/** `Invoke-RestMethod` throws for everything but success. */
function succeeded(answer: TestResponse): string {
  if (answer.status < 200 || answer.status > 299) throw new Error(`${answer.status} ${answer.text()}`);
  return answer.text();
}

/** `Parse-SyncMLResponse`: statuses with CmdRef 0 whatever they were, members of groups before their group, Exec not at all. */
function parse(text: string): Command[] {
  const body = at(xmlDict(text), 'SyncML', 'SyncBody');
  return commandsIn(body);
}

function commandsIn(node: XmlDict): Command[] {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return [];
  return Object.entries(node as Dict).flatMap(([type, value]) => listOf(value).flatMap((command): Command[] => oneCommand(type, command)));
}

function oneCommand(type: string, command: XmlDict): Command[] {
  switch (type) {
    case 'Status':
      return [
        {
          type,
          cmdId: textAt(command, 'CmdID'),
          msgRef: textAt(command, 'MsgRef'),
          cmd: textAt(command, 'Cmd'),
          data: textAt(command, 'Data'),
        },
      ];
    case 'Get':
    case 'Add':
    case 'Replace':
    case 'Delete':
      return [{ type, cmdId: textAt(command, 'CmdID'), uri: textAt(command, 'Item', 'Target', 'LocURI') }];
    case 'Atomic':
    case 'Sequence':
      return [...commandsIn(command), { type, cmdId: textAt(command, 'CmdID') }];
    default:
      return [];
  }
}

const agreeable = ['Add', 'Replace', 'Atomic', 'Delete', 'Sequence'];

/** `New-SyncMLAutoresponse`: statuses come back as they are, 400 for whatever it does not know. */
function autoResponse(commands: readonly Command[], msgRef: number, settings: Readonly<Record<string, string>>): string {
  let cmdId = 0;
  const next = (): number => (cmdId += 1);
  const status = (id: number | string, ref: number | string, cmdRef: string, cmd: string, data: string): string =>
    `\n<Status>\n<CmdID>${id}</CmdID>\n<MsgRef>${ref}</MsgRef>\n<CmdRef>${cmdRef}</CmdRef>\n<Cmd>${cmd}</Cmd>\n<Data>${data}</Data>\n</Status>`;
  return commands
    .map(({ type, cmdId: id, uri, msgRef: itsMsgRef, cmd, data }) => {
      if (type === 'Status') {
        next();
        return status(id, itsMsgRef ?? '', '0', cmd ?? '', data ?? '');
      }
      const value = type === 'Get' ? settings[uri ?? ''] : undefined;
      const code = value !== undefined || agreeable.includes(type) ? '200' : uri?.startsWith('./Vendor/MSFT/NodeCache/') ? '404' : '400';
      const answer = status(next(), msgRef, id, type, code);
      if (value === undefined) return answer;
      return `${answer}\n<Results>\n<CmdID>${next()}</CmdID>\n<MsgRef>${msgRef}</MsgRef>\n<CmdRef>${id}</CmdRef>\n<Item>\n<Source>\n<LocURI>${uri ?? ''}</LocURI>\n</Source>\n<Data>${value}</Data>\n</Item>\n</Results>`;
    })
    .join('');
}
