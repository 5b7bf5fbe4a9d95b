import { type Markup, xml } from '../xml/index.js';
import {
  type Command,
  type Credentials,
  type Item,
  type Meta,
  type Results,
  type Status,
  type SyncHeader,
  type SyncMessage,
  type TreeCommand,
} from './message.js';
import { METINF_NAMESPACE, SYNCML_NAMESPACE, VER_DTD, VER_PROTO } from './transport.js';

/**
 * Encodes a message as UTF-8: the root without a prefix, elements in the order of the SyncML representation protocol, markup in data
 * escaped, so that leaves hold nothing but text (reference 04, 4.2).
 */
export function encodeSyncMessage({ header, commands, final }: SyncMessage): Buffer {
  return xml`<SyncML xmlns="${SYNCML_NAMESPACE}"><SyncHdr>${encodeHeader(header)}</SyncHdr><SyncBody>${commands.map(encodeCommand)}${final ? xml`<Final/>` : undefined}</SyncBody></SyncML>`.toBuffer();
}

function encodeHeader({ sessionId, msgId, target, source, sourceName, credentials, maxMsgSize }: SyncHeader): Markup {
  return xml`<VerDTD>${VER_DTD}</VerDTD><VerProto>${VER_PROTO}</VerProto><SessionID>${sessionId}</SessionID><MsgID>${msgId}</MsgID><Target><LocURI>${target}</LocURI></Target><Source><LocURI>${source}</LocURI>${element('LocName', sourceName)}</Source>${credentials && encodeCredentials(credentials)}${maxMsgSize === undefined ? undefined : encodeMeta({ maxMsgSize })}`;
}

const encodeCredentials = ({ type, format, data }: Credentials): Markup =>
  xml`<Cred>${encodeMeta({ format, type })}<Data>${data}</Data></Cred>`;

/** One child of SyncBody. Exported for those who measure a command before they send it. */
export function encodeCommand(command: Command): Markup {
  switch (command.verb) {
    case 'Status':
      return encodeStatus(command);
    case 'Results':
      return encodeResults(command);
    case 'Alert':
      return xml`<Alert><CmdID>${command.cmdId}</CmdID><Data>${command.code}</Data>${command.items.map(encodeItem)}</Alert>`;
    case 'Atomic':
      return xml`<Atomic><CmdID>${command.cmdId}</CmdID>${command.commands.map(encodeCommand)}</Atomic>`;
    case 'Sequence':
      return xml`<Sequence><CmdID>${command.cmdId}</CmdID>${command.commands.map(encodeCommand)}</Sequence>`;
    default:
      return encodeTreeCommand(command);
  }
}

function encodeTreeCommand({ verb, cmdId, meta, items }: TreeCommand): Markup {
  const content = xml`<CmdID>${cmdId}</CmdID>${meta && encodeMeta(meta)}${items.map(encodeItem)}`;
  switch (verb) {
    case 'Get':
      return xml`<Get>${content}</Get>`;
    case 'Add':
      return xml`<Add>${content}</Add>`;
    case 'Replace':
      return xml`<Replace>${content}</Replace>`;
    case 'Delete':
      return xml`<Delete>${content}</Delete>`;
    case 'Exec':
      return xml`<Exec>${content}</Exec>`;
  }
}

function encodeStatus({ cmdId, msgRef, cmdRef, cmd, targetRefs, sourceRefs, challenge, code, items }: Status): Markup {
  return xml`<Status><CmdID>${cmdId}</CmdID><MsgRef>${msgRef}</MsgRef><CmdRef>${cmdRef}</CmdRef><Cmd>${cmd}</Cmd>${targetRefs.map((uri) => xml`<TargetRef>${uri}</TargetRef>`)}${sourceRefs.map((uri) => xml`<SourceRef>${uri}</SourceRef>`)}${challenge && xml`<Chal>${encodeMeta(challenge)}</Chal>`}<Data>${code}</Data>${items.map(encodeItem)}</Status>`;
}

const encodeResults = ({ cmdId, msgRef, cmdRef, meta, items }: Results): Markup =>
  xml`<Results><CmdID>${cmdId}</CmdID><MsgRef>${msgRef}</MsgRef><CmdRef>${cmdRef}</CmdRef>${meta && encodeMeta(meta)}${items.map(encodeItem)}</Results>`;

function encodeItem({ target, source, meta, data, moreData }: Item): Markup {
  return xml`<Item>${target === undefined ? undefined : xml`<Target><LocURI>${target}</LocURI></Target>`}${source === undefined ? undefined : xml`<Source><LocURI>${source}</LocURI></Source>`}${meta && encodeMeta(meta)}${element('Data', data)}${moreData ? xml`<MoreData/>` : undefined}</Item>`;
}

/** The children declare `syncml:metinf` one by one, as Windows and Intune do. */
function encodeMeta({ format, type, mark, nextNonce, maxMsgSize, size }: Meta): Markup {
  const information = (name: 'Format' | 'Type' | 'Mark' | 'Size' | 'NextNonce' | 'MaxMsgSize', value: string | number | undefined) =>
    value === undefined ? undefined : xml`<${name} xmlns="${METINF_NAMESPACE}">${value}</${name}>`;
  return xml`<Meta>${information('Format', format)}${information('Type', type)}${information('Mark', mark)}${information('Size', size)}${information('NextNonce', nextNonce)}${information('MaxMsgSize', maxMsgSize)}</Meta>`;
}

const element = (name: 'Data' | 'LocName', value: string | undefined): Markup | undefined =>
  value === undefined ? undefined : xml`<${name}>${value}</${name}>`;
