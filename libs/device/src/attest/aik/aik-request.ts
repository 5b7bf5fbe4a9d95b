import { encodeEnvelopedData } from '@greenscreen/crypto/cms';
import { encodeAikRequest, encodeEkInfo, scepSignerHash } from '@greenscreen/crypto/scep';
import { spkiOf } from '@greenscreen/crypto/keys';
import { type Certificate } from '@greenscreen/crypto/x509';
import { type AttestContext } from '../attest-context.js';
import { type EndorsementCertificate } from '../endorsement/maintenance-task.js';
import { type AikKey } from './aik-key.js';

const SUBJECT_KEY_ID_BYTES = 20;
/** `ClientIdDefaultRequest` of REQUEST_CLIENT_INFO, and the task's process (reference 03, 2.7). */
const CLIENT_ID = 5;
const PROCESS = 'taskhostw.exe';

export interface AikRequestParts {
  readonly aik: AikKey;
  readonly endorsement: EndorsementCertificate;
  /** SCEP Protocol Certificate, DER. */
  readonly signer: Buffer;
  /** RA Encryption certificate. */
  readonly recipient: Certificate;
  /** Computer name. */
  readonly machine: string;
}

/** The PKCS#10 of message type 19 (reference 03, 2.7 and 2.9). DER. */
export function aikRequest({ tpm, random, traits }: Pick<AttestContext, 'tpm' | 'random' | 'traits'>, parts: AikRequestParts): Buffer {
  const { aik, endorsement, signer, recipient, machine } = parts;
  const ekInfo = encodeEkInfo({ spki: spkiOf(tpm.endorsementKey.publicKey), certificates: [endorsement.ek.certificate.der] });
  return encodeAikRequest({
    spki: spkiOf(aik.key.publicKey),
    signerHash: scepSignerHash(signer),
    statement: aik.statement,
    ekInfo: encodeEnvelopedData(ekInfo, recipient.der),
    // The last part is the platform: 2 is Windows NT.
    osVersion: `10.0.${traits.osBuild.split('.')[0] ?? ''}.2`,
    clientInfo: { clientId: CLIENT_ID, machine, user: `WORKGROUP\\${machine}$`, process: PROCESS },
    subjectAltName: endorsement.ek.subjectAltName,
    subjectKeyId: random.bytes(SUBJECT_KEY_ID_BYTES),
  });
}
