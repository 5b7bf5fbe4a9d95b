import { type XmlElement } from '../xml/index.js';
import { type Meta } from './message.js';
import { optional, textOf } from './reading.js';

const NUMBER = /^\d{1,9}$/;

/** `Meta` of a header, command, item or challenge; what is unknown in it is left out. */
export function decodeMeta(meta: XmlElement): Meta {
  return {
    ...optional('format', textOf(meta, 'Format')),
    ...optional('type', textOf(meta, 'Type')),
    ...optional('mark', textOf(meta, 'Mark')),
    ...optional('nextNonce', textOf(meta, 'NextNonce')),
    ...optional('maxMsgSize', numberOf(textOf(meta, 'MaxMsgSize'))),
    ...optional('size', numberOf(textOf(meta, 'Size'))),
  };
}

const numberOf = (text = ''): number | undefined => (NUMBER.test(text) ? Number(text) : undefined);
