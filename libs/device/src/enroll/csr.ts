import { sign } from 'node:crypto';
import { bits, explicit, int, nul, oid, seq } from '@greenscreen/crypto/der';
import { type KeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { csrOids, extensionRequest } from '@greenscreen/crypto/pkcs10';
import { commonName, encodeName, extendedKeyUsage, ekuOids } from '@greenscreen/crypto/x509';

/** Extension that names the device: ASCII and a NUL, not DER (reference 04, 3.2 [win-capture]). */
const DEVICE_ID_EXTENSION = '1.3.6.1.4.1.311.66.1.0';
/** Characters of the GUID in the subject. */
const GUID_CHARACTERS = 30;

const signatures = {
  sha256: { oid: '1.2.840.113549.1.1.11', hash: 'sha256' },
  /** Windows without a policy: sha1WithRSA under OIW's OID. */
  sha1: { oid: csrOids.sha1WithRsaOiw, hash: 'sha1' },
} as const;

export interface WindowsCsr {
  readonly keys: KeyPair;
  /** RST `DeviceID`: 32 upper-case hex. */
  readonly deviceId: string;
  readonly guid: string;
  readonly hash: keyof typeof signatures;
  /** Older builds write the subject as PrintableString, although `!` and its trailing NUL are illegal there. */
  readonly subjectEncoding: 'printable' | 'utf8';
}

/** The certificate request of the native enrollment client, quirks included (reference 04, 3.2). */
export function windowsCsr({ keys, deviceId, guid, hash, subjectEncoding }: WindowsCsr): Buffer {
  const name = `${guid.toUpperCase().slice(0, GUID_CHARACTERS)}!${deviceId}`;
  const attributes = extensionRequest([
    extendedKeyUsage([ekuOids.clientAuth]),
    { oid: DEVICE_ID_EXTENSION, critical: false, value: Buffer.from(`${deviceId}\0`, 'latin1') },
  ]);
  const info = seq(
    int(0),
    encodeName(commonName(subjectEncoding === 'printable' ? `${name}\0` : name, subjectEncoding)),
    spkiOf(keys.publicKey),
    explicit(0, attributes),
  );
  const { oid: algorithm, hash: digest } = signatures[hash];
  return seq(info, seq(oid(algorithm), nul()), bits(sign(digest, info, keys.privateKey)));
}
