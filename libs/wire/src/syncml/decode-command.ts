import { type XmlElement } from '../xml/index.js';
import { decodeMeta } from './decode-meta.js';
import { SyncMlError } from './error.js';
import { type Alert, type Command, type Group, type Item, type Results, type Status, type TreeCommand, treeVerbs } from './message.js';
import { member, members, optional, required, textOf } from './reading.js';

const NUMBER = /^\d{1,9}$/;

/** A child of SyncBody. Throws SyncMlError for one that OMA-DM does not have. */
export function decodeCommand(element: XmlElement): Command {
  switch (element.name) {
    case 'Status':
      return decodeStatus(element);
    case 'Results':
      return decodeResults(element);
    case 'Alert':
      return decodeAlert(element);
    default:
      return decodeWork(element);
  }
}

/** What may stand in an Atomic or a Sequence. */
function decodeWork(element: XmlElement): TreeCommand | Group {
  if (element.name === 'Atomic' || element.name === 'Sequence') {
    const commands = element.children.filter(({ name }) => name !== 'CmdID' && name !== 'Meta' && name !== 'NoResp').map(decodeWork);
    return { verb: element.name, cmdId: cmdIdOf(element), commands };
  }
  const verb = treeVerbs.find((known) => known === element.name);
  if (!verb) throw new SyncMlError(`${element.name} is no command of OMA-DM`);
  return { verb, cmdId: cmdIdOf(element), ...metaOf(element), items: itemsOf(element) };
}

function decodeAlert(element: XmlElement): Alert {
  return { verb: 'Alert', cmdId: cmdIdOf(element), code: codeOf(element), items: itemsOf(element) };
}

function decodeStatus(element: XmlElement): Status {
  const challenge = member(element, 'Chal');
  return {
    verb: 'Status',
    cmdId: cmdIdOf(element),
    msgRef: textOf(element, 'MsgRef') ?? '',
    cmdRef: textOf(element, 'CmdRef') ?? '',
    cmd: textOf(element, 'Cmd') ?? '',
    targetRefs: members(element, 'TargetRef').map(({ text }) => text.trim()),
    sourceRefs: members(element, 'SourceRef').map(({ text }) => text.trim()),
    ...optional('challenge', challenge && decodeMeta(required(challenge, 'Meta'))),
    code: codeOf(element),
    items: itemsOf(element),
  };
}

function decodeResults(element: XmlElement): Results {
  return {
    verb: 'Results',
    cmdId: cmdIdOf(element),
    msgRef: textOf(element, 'MsgRef') ?? '',
    cmdRef: textOf(element, 'CmdRef') ?? '',
    ...metaOf(element),
    items: itemsOf(element),
  };
}

/** A client's status may lack it: nothing answers a status. */
const cmdIdOf = (element: XmlElement): string => textOf(element, 'CmdID') ?? '';

function codeOf(element: XmlElement): number {
  const data = textOf(element, 'Data') ?? '';
  if (!NUMBER.test(data)) throw new SyncMlError(`${element.name} has the code "${data}"`);
  return Number(data);
}

function metaOf(element: XmlElement): { meta?: TreeCommand['meta'] & object } {
  const meta = member(element, 'Meta');
  return optional('meta', meta && decodeMeta(meta));
}

const itemsOf = (element: XmlElement): Item[] => members(element, 'Item').map(decodeItem);

function decodeItem(item: XmlElement): Item {
  const meta = member(item, 'Meta');
  const target = member(item, 'Target');
  const source = member(item, 'Source');
  return {
    ...optional('target', target && textOf(target, 'LocURI')),
    ...optional('source', source && textOf(source, 'LocURI')),
    ...optional('meta', meta && decodeMeta(meta)),
    // Not trimmed: white space may belong to the value.
    ...optional('data', member(item, 'Data')?.text),
    ...(member(item, 'MoreData') ? { moreData: true } : {}),
  };
}
