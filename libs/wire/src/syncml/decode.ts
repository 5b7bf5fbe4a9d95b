import { parseXml, type XmlElement, XmlError } from '../xml/index.js';
import { decodeCommand } from './decode-command.js';
import { decodeMeta } from './decode-meta.js';
import { SyncMlError } from './error.js';
import { type Command, type Credentials, type SyncHeader, type SyncMessage } from './message.js';
import { member, members, optional, required, textOf } from './reading.js';
import { readableNamespaces, VER_PROTO } from './transport.js';

/**
 * Decodes a message, of a device or of a server. Namespaces 1.2, 1.1 and none are read (reference 04, 4.2); prefixes, order of header
 * fields and unknown elements in the header do not matter.
 *
 * @throws {SyncMlError} and nothing else, whatever the input
 */
export function decodeSyncMessage(bytes: Uint8Array | string): SyncMessage {
  const root = parse(bytes);
  if (root.name !== 'SyncML' || !readableNamespaces.includes(root.namespace)) throw new SyncMlError(`the root is ${root.name}`);
  const header = decodeHeader(required(root, 'SyncHdr'));
  const body = required(root, 'SyncBody');
  const commands = body.children.filter(({ name }) => name !== 'Final').map((element): Command => decodeCommand(element));
  return { header, commands, final: member(body, 'Final') !== undefined };
}

function parse(bytes: Uint8Array | string): XmlElement {
  try {
    return parseXml(bytes);
  } catch (error) {
    if (error instanceof XmlError) throw new SyncMlError(error.message, { cause: error });
    throw error;
  }
}

function decodeHeader(header: XmlElement): SyncHeader {
  const proto = textOf(header, 'VerProto');
  if (proto !== VER_PROTO) throw new SyncMlError(`the protocol is ${proto ?? 'not given'}`);
  const source = required(header, 'Source');
  return {
    sessionId: requiredText(header, 'SessionID'),
    msgId: requiredText(header, 'MsgID'),
    target: requiredText(required(header, 'Target'), 'LocURI'),
    source: requiredText(source, 'LocURI'),
    ...optional('sourceName', textOf(source, 'LocName')),
    ...optional('credentials', decodeCredentials(member(header, 'Cred'))),
    ...optional('maxMsgSize', members(header, 'Meta').map((meta) => decodeMeta(meta).maxMsgSize)[0]),
  };
}

function requiredText(parent: XmlElement, name: string): string {
  const text = textOf(parent, name);
  if (!text) throw new SyncMlError(`${parent.name} has no ${name}`);
  return text;
}

function decodeCredentials(cred: XmlElement | undefined): Credentials | undefined {
  if (!cred) return undefined;
  const meta = member(cred, 'Meta');
  const { type = '', format = '' } = meta ? decodeMeta(meta) : {};
  return { type, format, data: textOf(cred, 'Data') ?? '' };
}
