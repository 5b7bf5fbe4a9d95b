import { asOid, asSequence, asSet, asText, bmp, type Der, type DerNode, ia5, oid, printable, seq, set, utf8 } from '../der/index.js';

export type StringEncoding = 'utf8' | 'printable' | 'ia5' | 'bmp';

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
  serialNumber: '2.5.4.5',
  c: '2.5.4.6',
  l: '2.5.4.7',
  st: '2.5.4.8',
  o: '2.5.4.10',
  ou: '2.5.4.11',
  dc: '0.9.2342.19200300.100.1.25',
  uid: '0.9.2342.19200300.100.1.1',
  email: '1.2.840.113549.1.9.1',
} as const;

const writers: Record<StringEncoding, (value: string) => Der> = { utf8, printable, ia5, bmp };

export const attribute = (type: keyof typeof nameOids, value: string, encoding: StringEncoding = 'printable'): NameAttribute => ({
  type: nameOids[type],
  value,
  encoding,
});

/** One RDN with one common name. */
export const commonName = (value: string, encoding: StringEncoding = 'printable'): Name => [[attribute('cn', value, encoding)]];

/** RDNs and their attributes in the given order: issuer names are compared byte for byte. */
export const encodeName = (name: Name): Der =>
  seq(...name.map((rdn) => set(...rdn.map(({ type, value, encoding }) => seq(oid(type), writers[encoding](value))))));

/** The values of all attributes of a type, in order; text as it stands, trailing NULs included. Throws DerError. */
export function nameValues(name: DerNode, type: string): string[] {
  return asSequence(name).flatMap((rdn) =>
    asSet(rdn).flatMap((pair) => {
      const [key, value] = asSequence(pair);
      return asOid(key) === type ? [asText(value)] : [];
    }),
  );
}
