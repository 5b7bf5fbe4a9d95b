import { asOid, asSequence, asSet, asText, type Der, type DerNode, ia5, oid, printable, seq, set, utf8 } from '../der/index.js';

export type StringEncoding = 'utf8' | 'printable' | 'ia5';

export interface NameAttribute {
  /** Dotted OID. */
  readonly type: string;
  readonly value: string;
  readonly encoding: StringEncoding;
}

/** RDNs in order; each may hold several attributes, as the MS-Organization-Access issuer does. */
export type Name = readonly (readonly NameAttribute[])[];

export const nameOids = {
  cn: '2.5.4.3',
  c: '2.5.4.6',
  st: '2.5.4.8',
  l: '2.5.4.7',
  o: '2.5.4.10',
  ou: '2.5.4.11',
  dc: '0.9.2342.19200300.100.1.25',
} as const;

const writers: Record<StringEncoding, (value: string) => Der> = { utf8, printable, ia5 };

export const attribute = (type: keyof typeof nameOids, value: string, encoding: StringEncoding = 'printable'): NameAttribute => ({
  type: nameOids[type],
  value,
  encoding,
});

/** One RDN with one common name. */
export const commonName = (value: string, encoding: StringEncoding = 'printable'): Name => [[attribute('cn', value, encoding)]];

export const encodeName = (name: Name): Der =>
  seq(...name.map((rdn) => set(...rdn.map(({ type, value, encoding }) => seq(oid(type), writers[encoding](value))))));

/** The values of all attributes of a type, in order; text as it stands, trailing NULs included. */
export function nameValues(name: DerNode, type: string): string[] {
  return asSequence(name).flatMap((rdn) =>
    asSet(rdn).flatMap((pair) => {
      const [key, value] = asSequence(pair);
      return asOid(key) === type ? [asText(value)] : [];
    }),
  );
}
