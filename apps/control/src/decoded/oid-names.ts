import { cmsOids } from '@greenscreen/crypto/cms';
import { csrOids } from '@greenscreen/crypto/pkcs10';
import { ekuOids, extensionOids, nameOids, signatureOids } from '@greenscreen/crypto/x509';
import { enrollmentOids, scepAttributeOids, tcgOids } from '@greenscreen/wire/scep';

const names: ReadonlyMap<string, string> = new Map(
  [cmsOids, csrOids, ekuOids, extensionOids, nameOids, signatureOids, enrollmentOids, scepAttributeOids, tcgOids].flatMap((table) =>
    Object.entries<string>(table).map(([name, oid]): [string, string] => [oid, name]),
  ),
);

/** The name that this lab has for an OID, else the OID itself. */
export const oidName = (oid: string): string => names.get(oid) ?? oid;
