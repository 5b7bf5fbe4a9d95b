import { tcgOids } from '@greenscreen/wire/scep';
import { asOid, asSequence, asSet, asText, contextMember, decodeDer } from '../der/index.js';
import { certificateGuard, directoryNameValue, type NameAttribute } from '../x509/index.js';

/** What an EK certificate says of the TPM: three attributes in its subjectAltName (reference 03, 1.7). */
export interface TpmIdentity {
  /** `id:49465800` */
  readonly manufacturer: string;
  readonly model: string;
  /** `id:0007003E` */
  readonly version: string;
}

const utf8 = (type: string, value: string): NameAttribute => ({ type, value, encoding: 'utf8' });

/** Value of the subjectAltName extension: one directoryName, three RDNs, or one of three attributes as Nuvoton writes it. */
export function encodeTpmIdentity({ manufacturer, model, version }: TpmIdentity, multiValued = false): Buffer {
  const attributes = [utf8(tcgOids.tpmManufacturer, manufacturer), utf8(tcgOids.tpmModel, model), utf8(tcgOids.tpmVersion, version)];
  return directoryNameValue(multiValued ? [attributes] : attributes.map((attribute) => [attribute]));
}

/** Reads the attributes by OID, in whatever RDNs they stand. Throws CertificateError when one is missing. */
export const decodeTpmIdentity = (subjectAltName: Buffer): TpmIdentity =>
  certificateGuard('TPM identity', () => {
    const directory = contextMember(asSequence(decodeDer(subjectAltName)), 4)?.children[0];
    const values = new Map(
      asSequence(directory)
        .flatMap(asSet)
        .map((pair) => {
          const [type, value] = asSequence(pair);
          return [asOid(type), asText(value)] as const;
        }),
    );
    const required = (oid: string): string => {
      const value = values.get(oid);
      if (value === undefined) throw new TypeError(`attribute ${oid} is missing`);
      return value;
    };
    return {
      manufacturer: required(tcgOids.tpmManufacturer),
      model: required(tcgOids.tpmModel),
      version: required(tcgOids.tpmVersion),
    };
  });

/** Firmware version: two 16-bit numbers. */
export interface TpmVersion {
  readonly major: number;
  readonly minor: number;
}

/** tpmVersion of `7.62`, further parts left out; a text that starts with `id:` is taken as it is. */
export function encodeTpmVersion(version: string): string {
  if (version.startsWith('id:')) return version;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (![major, minor].every((part) => Number.isInteger(part) && part >= 0 && part <= 0xffff))
    throw new RangeError(`not a firmware version: ${version}`);
  return `id:${[major, minor].map((part) => part.toString(16).toUpperCase().padStart(4, '0')).join('')}`;
}

/** The numbers of a tpmVersion; undefined for forms that hold none, such as old Nuvoton's two digits. */
export function decodeTpmVersion(text: string): TpmVersion | undefined {
  const [, major = '', minor = ''] = /^id:([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})$/.exec(text) ?? [];
  return major === '' ? undefined : { major: Number.parseInt(major, 16), minor: Number.parseInt(minor, 16) };
}
