import { Fault } from '@greenscreen/host/faults';
import { type ScepProfile } from '@greenscreen/model/mdm-session';
import { z } from 'zod';
import { readBody } from '../request/read-body.js';

/** Graph beta `windows81SCEPCertificateProfile` [doc], as far as the lab acts on it. */
export const scepTypeName = '#microsoft.graph.windows81SCEPCertificateProfile';

const sizes = { size1024: 1024, size2048: 2048, size4096: 4096 } as const;
type Size = keyof typeof sizes;
const sizeNames: readonly Size[] = ['size1024', 'size2048', 'size4096'];

const body = z.object({
  scepServerUrls: z.array(z.url({ protocol: /^https?$/ })).nullish(),
  subjectNameFormatString: z.string().min(1).max(1024).nullish(),
  keySize: z.enum(sizeNames).nullish(),
  hashAlgorithm: z.enum(['sha1', 'sha2']).nullish(),
  extendedKeyUsages: z.array(z.object({ name: z.string(), objectIdentifier: z.string().regex(/^\d+(\.\d+)+$/) })).nullish(),
  certificateValidityPeriodValue: z.int().min(1).max(100).nullish(),
  certificateValidityPeriodScale: z.enum(['days', 'months', 'years']).nullish(),
});

const clientAuthentication = { name: 'Client Authentication', objectIdentifier: '1.3.6.1.5.5.7.3.2' };

/** A profile without an address sends its devices to the lab itself. */
export function encodeScep({ serverUrl, subjectName, keyLength, hash, extendedKeyUsages, validity }: ScepProfile): Record<string, unknown> {
  return {
    renewalThresholdPercentage: 20,
    keyStorageProvider: 'useTpmKspOtherwiseUseSoftwareKsp',
    subjectNameFormat: 'custom',
    subjectNameFormatString: subjectName,
    subjectAlternativeNameType: 'none',
    certificateValidityPeriodValue: validity.value,
    certificateValidityPeriodScale: validity.scale,
    extendedKeyUsages,
    scepServerUrls: serverUrl === null ? [] : [serverUrl],
    keyUsage: 'keyEncipherment,digitalSignature',
    keySize: sizeNames.find((name) => sizes[name] === keyLength) ?? 'size2048',
    hashAlgorithm: hash,
    certificateStore: 'machine',
  };
}

/** What the body in hand makes of a profile, or of none. */
export function decodeScep(current: ScepProfile | undefined): ScepProfile {
  const given = readBody(body);
  const subjectName = given.subjectNameFormatString ?? current?.subjectName;
  if (subjectName === undefined) throw new Fault('graph.BadRequest', { reason: 'A certificate profile needs a subject name.' });
  return {
    kind: 'scep',
    serverUrl: given.scepServerUrls ? (given.scepServerUrls[0] ?? null) : (current?.serverUrl ?? null),
    subjectName,
    keyLength: given.keySize ? sizes[given.keySize] : (current?.keyLength ?? sizes.size2048),
    hash: given.hashAlgorithm ?? current?.hash ?? 'sha2',
    extendedKeyUsages: given.extendedKeyUsages ?? current?.extendedKeyUsages ?? [clientAuthentication],
    validity: {
      value: given.certificateValidityPeriodValue ?? current?.validity.value ?? 1,
      scale: given.certificateValidityPeriodScale ?? current?.validity.scale ?? 'years',
    },
  };
}
