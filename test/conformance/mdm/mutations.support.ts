/** A small generator (mulberry32): the same seed gives the same mutations on every machine. */
export class Dice {
  constructor(private seed: number) {}

  /** An integer from 0 to `sides` - 1. */
  roll(sides: number): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * sides);
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.roll(choices.length)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }
}

/** A document in pieces: tags and texts, in their order. */
type Pieces = readonly string[];

const piecesOf = (text: string): Pieces => text.match(/<[^>]*>|[^<]+/g) ?? [];
const isOpening = (piece: string): boolean => /^<[^/?!]/.test(piece) && !piece.endsWith('/>');
const positions = (pieces: Pieces, accepts: (piece: string) => boolean): number[] =>
  pieces.flatMap((piece, index) => (accepts(piece) ? [index] : []));
const nameOf = (tag: string): string => /^<\/?([^\s/>]+)/.exec(tag)?.[1] ?? '';
const replaced = (pieces: Pieces, index: number, ...instead: readonly string[]): Pieces => pieces.toSpliced(index, 1, ...instead);

/** First and last piece of some element; undefined in a document without one. */
function anElement(pieces: Pieces, dice: Dice): readonly [first: number, last: number] | undefined {
  const openings = positions(pieces, isOpening);
  if (openings.length === 0) return undefined;
  const first = dice.pick(openings);
  let depth = 0;
  for (let index = first; index < pieces.length; index += 1) {
    const piece = pieces[index] ?? '';
    if (isOpening(piece)) depth += 1;
    else if (piece.startsWith('</')) depth -= 1;
    if (depth === 0) return [first, index];
  }
  return undefined;
}

/** Changes the text of some element that has one. */
function retell(pieces: Pieces, dice: Dice, change: (text: string) => string): Pieces {
  const texts = positions(pieces, (piece) => !piece.startsWith('<') && piece.trim() !== '');
  if (texts.length === 0) return pieces;
  const index = dice.pick(texts);
  return replaced(pieces, index, change(pieces[index] ?? ''));
}

const numbers = [
  '-1',
  '0',
  '007',
  '1e9',
  '0x10',
  '2147483648',
  '4294967296',
  '999999999',
  '9223372036854775808',
  '9'.repeat(400),
  '٣',
  'NaN',
  '1.5',
  ' 1 ',
  '+1',
];
const oddities = [
  '',
  ' ',
  'null',
  'true',
  '{}',
  '[]',
  "'; DROP TABLE mdm_enrollment; --",
  '../../../etc/passwd',
  '%00',
  '%',
  '%zz%E0%A4%A',
  '{{7*7}}${7*7}',
  '__proto__',
  'constructor',
  '\uf000',
  '\ufeff',
  '\uffff\ufffe',
  '\u202eexe.tpm',
  '😀'.repeat(50),
  '&lt;a&gt;&amp;',
  '&#0;',
  '&#x1F4A9;',
  '&nbsp;',
  '&#xD800;',
  '<![CDATA[<x/>]]>',
  '<!-- -->',
  '<?php ?>',
  '<b>1</b>',
];
const names = [
  'x',
  'Get',
  'Add',
  'Replace',
  'Delete',
  'Exec',
  'Atomic',
  'Sequence',
  'Status',
  'Results',
  'Alert',
  'Final',
  'Item',
  'Data',
  'Meta',
  'SyncML',
  'SyncBody',
  's:Body',
  's:Fault',
  'Discover',
  'GetPolicies',
  '__proto__',
  'toString',
  'undeclared:x',
  'xmlns',
  'é',
];
const namespaces = [
  '',
  'urn:x',
  'SYNCML:SYNCML1.1',
  'SYNCML:SYNCML1.3',
  'syncml:metinf',
  'http://www.w3.org/2003/05/soap-envelope',
  'http://schemas.xmlsoap.org/soap/envelope/',
  'http://www.w3.org/XML/1998/namespace',
  'http://www.w3.org/2000/xmlns/',
];
const doctypes = [
  '<!DOCTYPE a>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
  '<!DOCTYPE a PUBLIC "-//W3C//DTD" "http://127.0.0.1:1/x.dtd">',
  '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
  '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>',
  `<!DOCTYPE a [<!ENTITY e "ha">${Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i} "${`&e${i || ''};`.repeat(10)}">`).join('')}]>`,
  '<!ENTITY e "x">',
];

const incompressible = Array.from({ length: 9000 / 8 }, (_, index) =>
  (Math.sin(index + 1) ** 2).toString(36).slice(4, 12).padEnd(8, 'x'),
).join('');

type Change = (pieces: Pieces, dice: Dice) => Pieces;

const withElement =
  (change: (pieces: Pieces, first: number, last: number, dice: Dice) => Pieces): Change =>
  (pieces, dice) => {
    const found = anElement(pieces, dice);
    return found ? change(pieces, ...found, dice) : pieces;
  };

/** What keeps most of a document's form. */
const changes: Readonly<Record<string, Change>> = {
  drop: withElement((pieces, first, last) => pieces.toSpliced(first, last - first + 1)),
  duplicate: withElement((pieces, first, last, dice) => {
    const copy = pieces.slice(first, last + 1);
    return pieces.toSpliced(first, 0, ...Array.from({ length: 1 + dice.roll(3) }, () => copy).flat());
  }),
  move: withElement((pieces, first, last, dice) => {
    const rest = pieces.toSpliced(first, last - first + 1);
    return rest.toSpliced(dice.roll(rest.length + 1), 0, ...pieces.slice(first, last + 1));
  }),
  wrap: withElement((pieces, first, last, dice) => {
    const name = dice.pick(names);
    const depth = dice.pick([1, 2, 70]);
    const inside = pieces.slice(first, last + 1);
    return pieces.toSpliced(
      first,
      inside.length,
      ...Array<string>(depth).fill(`<${name}>`),
      ...inside,
      ...Array<string>(depth).fill(`</${name}>`),
    );
  }),
  rename: withElement((pieces, first, last, dice) => {
    const name = dice.pick(names);
    const tag = (piece = ''): string => piece.replace(nameOf(piece), name);
    return replaced(replaced(pieces, first, tag(pieces[first])), last, tag(pieces[last]));
  }),
  mismatch: (pieces, dice) => {
    const tags = positions(pieces, (piece) => piece.startsWith('<'));
    if (tags.length === 0) return pieces;
    const index = dice.pick(tags);
    return replaced(pieces, index, (pieces[index] ?? '').replace(nameOf(pieces[index] ?? ''), dice.pick(names)));
  },
  namespace: (pieces, dice) => {
    const declared = positions(pieces, (piece) => piece.includes('xmlns'));
    if (declared.length === 0) return pieces;
    const index = dice.pick(declared);
    return replaced(pieces, index, (pieces[index] ?? '').replace(/(xmlns[^=]*=\s*")[^"]*/, `$1${dice.pick(namespaces)}`));
  },
  undeclare: (pieces, dice) => {
    const declared = positions(pieces, (piece) => piece.includes('xmlns'));
    if (declared.length === 0) return pieces;
    const index = dice.pick(declared);
    return replaced(pieces, index, (pieces[index] ?? '').replace(/\s+xmlns[^=]*=\s*"[^"]*"/, ''));
  },
  attribute: withElement((pieces, first, _last, dice) => {
    const extra = dice.pick([
      ' a="1" a="2"',
      ' a=1',
      ' xml:lang="x"',
      ' xmlns:s="urn:x"',
      ' s:mustUnderstand="0"',
      ' a="<"',
      ` a="${'y'.repeat(5000)}"`,
      ' id="&e;"',
    ]);
    return replaced(pieces, first, (pieces[first] ?? '').replace(/>$/, `${extra}>`));
  }),
  empty: withElement((pieces, first, last) => pieces.toSpliced(first + 1, last - first - 1)),
  number: (pieces, dice) => {
    const numeric = positions(pieces, (piece) => /^\s*\d{1,10}\s*$/.test(piece));
    return numeric.length === 0 ? pieces : replaced(pieces, dice.pick(numeric), dice.pick(numbers));
  },
  oddity: (pieces, dice) => retell(pieces, dice, () => dice.pick(oddities)),
  append: (pieces, dice) => retell(pieces, dice, (text) => text + dice.pick(oddities)),
  long: (pieces, dice) => retell(pieces, dice, (text) => text + incompressible.slice(0, dice.pick([300, 9000]))),
  swapTexts: (pieces, dice) => {
    const texts = positions(pieces, (piece) => !piece.startsWith('<') && piece.trim() !== '');
    if (texts.length === 0) return pieces;
    const [one, other] = [dice.pick(texts), dice.pick(texts)];
    return replaced(replaced(pieces, one, pieces[other] ?? ''), other, pieces[one] ?? '');
  },
  /** A changed bit inside what is base64 keeps it base64: it reaches the reader of tokens and requests. */
  base64: (pieces, dice) => {
    const encoded = positions(pieces, (piece) => piece.length > 60 && /^[\w+/=\s.-]+$/.test(piece));
    if (encoded.length === 0) return pieces;
    const index = dice.pick(encoded);
    const bytes = Buffer.from(pieces[index] ?? '', 'base64');
    const damaged = dice.roll(4) === 0 ? bytes.subarray(0, dice.roll(bytes.length)) : flipped(bytes, dice);
    return replaced(pieces, index, damaged.toString('base64'));
  },
  comment: (pieces, dice) =>
    pieces.toSpliced(dice.roll(pieces.length), 0, dice.pick(['<!-- x -->', '<!-- -- -->', '<?x y?>', '<![CDATA[x]]>', '<![CDATA['])),
  doctype: (pieces, dice) => retell([dice.pick(doctypes), ...pieces], dice, (text) => text + dice.pick(['', '&e;', '&e8;'])),
};

function flipped(bytes: Buffer, dice: Dice): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = 1 + dice.roll(4); count > 0 && copy.length > 0; count -= 1) {
    const at = dice.roll(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << dice.roll(8));
  }
  return copy;
}

/** What does not care for form. */
const damages: Readonly<Record<string, (body: Buffer, dice: Dice) => Buffer>> = {
  truncate: (body, dice) => body.subarray(0, dice.roll(body.length)),
  behead: (body, dice) => body.subarray(dice.roll(body.length)),
  flip: flipped,
  trailer: (body, dice) => Buffer.concat([body, dice.pick([body, Buffer.from('<x/>'), Buffer.from('x'), Buffer.alloc(3)])]),
  utf16: (body) => Buffer.from('\ufeff' + body.toString('utf8'), 'utf16le'),
  notUtf8: (body, dice) =>
    Buffer.concat([body.subarray(0, dice.roll(body.length)), Buffer.from([0xc3, 0x28, 0xff]), body.subarray(dice.roll(body.length))]),
  otherwise: (_body, dice) =>
    dice.pick(['', '{}', '[]', 'null', 'a=b', '<', '<a/>', '\0', '<a>'.repeat(20_000), 'PK\u0003\u0004'].map((text) => Buffer.from(text))),
};

export interface Mutant {
  readonly body: Buffer;
  /** What was done to the original, in order. */
  readonly done: readonly string[];
}

/** One to three changes of a document; for one in three the last is a damage of its bytes. */
export function mutate(original: string, dice: Dice): Mutant {
  const done: string[] = [];
  let pieces = piecesOf(original);
  const count = 1 + dice.roll(3);
  const damaged = dice.roll(3) === 0;
  for (let index = 0; index < count - (damaged ? 1 : 0); index += 1) {
    const name = dice.pick(Object.keys(changes));
    pieces = changes[name]?.(pieces, dice) ?? pieces;
    done.push(name);
  }
  const body = Buffer.from(pieces.join(''));
  if (!damaged || body.length === 0) return { body, done };
  const name = dice.pick(Object.keys(damages));
  return { body: damages[name]?.(body, dice) ?? body, done: [...done, name] };
}
