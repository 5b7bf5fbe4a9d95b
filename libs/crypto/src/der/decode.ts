import { DerError } from './error.js';
import { tagClasses } from './tags.js';

/** Nothing here nests deeper: SCEP's envelope in a signature in a server state stays below 20. */
const DEPTH = 32;
/** Elements in one message. A chain of five certificates in a SignedData has about 600. */
const ELEMENTS = 16_384;

/**
 * A decoded element that keeps the bytes it came from: signatures are over what was received, and real certificates here are not always
 * strict DER (reference 03, 1.7), so nothing may be re-encoded before it is verified.
 */
export interface DerNode {
  /** 0 universal, 1 application, 2 context-specific, 3 private. */
  readonly tagClass: number;
  readonly tag: number;
  readonly constructed: boolean;
  /** Identifier, length and content, as received. */
  readonly raw: Buffer;
  readonly content: Buffer;
  /** Elements inside; empty for a primitive one. */
  readonly children: readonly DerNode[];
}

export interface DecodeOptions {
  /** Bytes behind the element are left alone instead of refused: padding in TPM NV, forms that concatenate. */
  readonly allowTrailing?: boolean;
  /** Indefinite lengths are read too: streaming CMS writers use them (X.690, 8.1.3.6). */
  readonly ber?: boolean;
}

/** Decodes one element. The nodes are views on `bytes`. Throws {@link DerError}. */
export function decodeDer(bytes: Buffer, { allowTrailing = false, ber = false }: DecodeOptions = {}): DerNode {
  const node = new Reader(bytes, ber).element(0, bytes.length, 0);
  if (!allowTrailing && node.raw.length !== bytes.length) throw new DerError(`${bytes.length - node.raw.length} bytes behind the element`);
  return node;
}

class Reader {
  private elements = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly ber: boolean,
  ) {}

  element(start: number, end: number, depth: number): DerNode {
    if (depth > DEPTH) throw new DerError('nested too deeply');
    if (++this.elements > ELEMENTS) throw new DerError('too many elements');
    if (start + 2 > end) throw new DerError('truncated element');
    const identifier = this.bytes[start] ?? 0;
    const tag = identifier & 0x1f;
    if (tag === 0x1f) throw new DerError('multi-byte tags are not used here');
    const constructed = (identifier & 0x20) !== 0;
    const { length, at } = this.length(start + 1, end);
    if (length === undefined) {
      if (!this.ber || !constructed) throw new DerError('indefinite length');
      return this.indefinite(start, at, end, depth);
    }
    const stop = at + length;
    if (stop > end) throw new DerError('length exceeds the data');
    const children: DerNode[] = [];
    if (constructed) {
      for (let next = at; next < stop;) {
        const child = this.element(next, stop, depth + 1);
        children.push(child);
        next += child.raw.length;
      }
    }
    return this.node(identifier, start, at, stop, stop, children);
  }

  private indefinite(start: number, at: number, end: number, depth: number): DerNode {
    const children: DerNode[] = [];
    let next = at;
    // Ends with "end of contents", 00 00.
    while (this.bytes[next] !== 0 || this.bytes[next + 1] !== 0 || next + 2 > end) {
      const child = this.element(next, end, depth + 1);
      children.push(child);
      next += child.raw.length;
    }
    return this.node(this.bytes[start] ?? 0, start, at, next, next + 2, children);
  }

  private node(identifier: number, start: number, at: number, stop: number, end: number, children: readonly DerNode[]): DerNode {
    return {
      tagClass: identifier >> 6,
      tag: identifier & 0x1f,
      constructed: (identifier & 0x20) !== 0,
      raw: this.bytes.subarray(start, end),
      content: this.bytes.subarray(at, stop),
      children,
    };
  }

  /** `length` is undefined for the indefinite form. */
  private length(at: number, end: number): { length: number | undefined; at: number } {
    const first = this.bytes[at] ?? 0;
    if (first < 0x80) return { length: first, at: at + 1 };
    const count = first & 0x7f;
    if (count === 0) return { length: undefined, at: at + 1 };
    if (count > 4 || at + 1 + count > end) throw new DerError('unusable length');
    return { length: this.bytes.readUIntBE(at + 1, count), at: at + 1 + count };
  }
}

/** The member tagged [n], context-specific. */
export const contextMember = (nodes: readonly DerNode[], n: number): DerNode | undefined =>
  nodes.find(({ tagClass, tag }) => tagClass === tagClasses.context && tag === n);
