import { encodeSegment, segmentsOf, under } from '../dm-tree/index.js';
import { WapError } from './error.js';
import { type WapCharacteristic, type WapParm } from './characteristic.codec.js';

/** A value of the management tree that travels in the provisioning document. */
export interface CspNode {
  /** `./Device/Vendor/MSFT/DMClient/…`, segments percent-encoded. */
  readonly uri: string;
  readonly format: 'int' | 'bool' | 'chr';
  readonly data: string;
}

/** Where top-level characteristics hang in the management tree. No other type may stand there (reference 04, 3.5 rule 11). */
const ROOT = './Device/Vendor/MSFT';
export const cspRoots = ['DMClient', 'EnrollmentStatusTracking'] as const;

const datatypes = { int: 'integer', bool: 'boolean', chr: 'string' } as const;
const formats = { integer: 'int', boolean: 'bool', string: 'chr' } as const;

interface Branch {
  readonly parms: WapParm[];
  readonly children: Map<string, Branch>;
}

/** Nests nodes into characteristics, in the order in which they and their parents first occur. */
export function encodeCspNodes(nodes: readonly CspNode[]): WapCharacteristic[] {
  const top: Branch = { parms: [], children: new Map() };
  for (const { uri, format, data } of nodes) {
    const path = segmentsOf(uri).slice(segmentsOf(ROOT).length);
    const name = path.pop();
    if (name === undefined || !cspRoots.some((root) => root === path[0]))
      throw new WapError('nodes', `${uri} cannot travel in the document`);
    let branch = top;
    for (const segment of path) {
      const next = branch.children.get(segment) ?? { parms: [], children: new Map() };
      branch.children.set(segment, next);
      branch = next;
    }
    branch.parms.push({ name, value: data, datatype: datatypes[format] });
  }
  return characteristics(top);
}

const characteristics = ({ children }: Branch): WapCharacteristic[] =>
  [...children].map(([type, branch]) => ({ type, parms: branch.parms, children: characteristics(branch) }));

/** The nodes of a `DMClient` or `EnrollmentStatusTracking` characteristic; a parm without a datatype is text. */
export function decodeCspNodes(root: WapCharacteristic, parent = ROOT): CspNode[] {
  const uri = `${parent}/${encodeSegment(root.type)}`;
  return [
    ...root.parms.map(({ name, value = '', datatype = 'string' }): CspNode => {
      if (datatype !== 'integer' && datatype !== 'boolean' && datatype !== 'string')
        throw new WapError('nodes', `${name} has datatype ${datatype}`);
      return { uri: under(uri, name), format: formats[datatype], data: value };
    }),
    ...root.children.flatMap((child) => decodeCspNodes(child, uri)),
  ];
}
