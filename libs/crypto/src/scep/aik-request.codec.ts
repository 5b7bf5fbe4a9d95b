import { createHash, type KeyObject } from 'node:crypto';
import { enrollmentOids, ScepError } from '@greenscreen/wire/scep';
import { asInteger, asOctets, asSequence, asText, bits, bmp, type DerNode, ia5, int, nul, octets, seq, utf8 } from '../der/index.js';
import { csrAttribute, decodeCsr, encodeUnsignedCsr, extensionRequest, requestedExtensions, verifyUnsignedCsr } from '../pkcs10/index.js';
import { extensionOids } from '../x509/index.js';
import { scepGuard } from './guard.js';

/** REQUEST_CLIENT_INFO (311.21.20): who asks on the device. */
export interface RequestClientInfo {
  readonly clientId: number;
  readonly machine: string;
  readonly user: string;
  readonly process: string;
}

/** The PKCS#10 of an AIK enrollment (reference 03, 2.7). */
export interface AikRequest {
  /** SubjectPublicKeyInfo of the AIK, DER. */
  readonly spki: Buffer;
  /** SHA-1 of the SCEP Protocol Certificate that signs the message, 20 bytes. */
  readonly signerHash: Buffer;
  /** KeyAttestationStatement. */
  readonly statement: Buffer;
  /** ContentInfo with EnvelopedData of EK_INFO, for the RA Encryption certificate. */
  readonly ekInfo: Buffer;
  /** `10.0.19043.2` */
  readonly osVersion?: string;
  readonly clientInfo?: RequestClientInfo;
}

export interface AikRequestInput extends AikRequest {
  /** Value of the subjectAltName extension: the EK certificate's. */
  readonly subjectAltName: Buffer;
  /** 20 bytes. The service ignores it: issued certificates carry SHA-1 of the key. */
  readonly subjectKeyId: Buffer;
}

const PROVIDER = 'Microsoft Platform Crypto Provider';
const EMPTY_NAME = seq();

/** A request with attributes in Windows' order and a digest in the signature's place: the AIK is restricted and signs no request. */
export function encodeAikRequest(input: AikRequestInput): Buffer {
  const { osVersion, clientInfo } = input;
  return encodeUnsignedCsr({
    subject: EMPTY_NAME,
    spki: input.spki,
    attributes: [
      ...(osVersion === undefined ? [] : [csrAttribute(enrollmentOids.osVersion, ia5(osVersion))]),
      csrAttribute(enrollmentOids.scepSignerHash, octets(input.signerHash)),
      ...(clientInfo ? [csrAttribute(enrollmentOids.requestClientInfo, encodeClientInfo(clientInfo))] : []),
      csrAttribute(enrollmentOids.kspName, bmp(PROVIDER)),
      csrAttribute(enrollmentOids.cspProvider, seq(int(0), bmp(PROVIDER), bits(Buffer.alloc(0)))),
      extensionRequest([
        { oid: extensionOids.subjectAltName, critical: true, value: input.subjectAltName },
        { oid: enrollmentOids.keyAffinity, critical: false, value: nul() },
        { oid: extensionOids.subjectKeyIdentifier, critical: false, value: octets(input.subjectKeyId) },
      ]),
      csrAttribute(enrollmentOids.attestationStatement, octets(input.statement)),
      csrAttribute(enrollmentOids.ekInfo, input.ekInfo),
    ],
  });
}

const encodeClientInfo = ({ clientId, machine, user, process }: RequestClientInfo): Buffer =>
  seq(int(clientId), utf8(machine), utf8(user), utf8(process));

/** A decoded request whose digest holds. */
export interface ReceivedAikRequest extends AikRequest {
  readonly publicKey: KeyObject;
  /** Values of the requested extensions, by OID. */
  readonly extensions: ReadonlyMap<string, Buffer>;
}

/** Throws {@link ScepError} for anything but a PKCS#10 with a SHA-256 digest, signer hash, statement and EK_INFO. */
export const decodeAikRequest = (der: Buffer): ReceivedAikRequest =>
  scepGuard('AIK request', () => {
    const csr = decodeCsr(der);
    if (!verifyUnsignedCsr(csr)) throw new ScepError('the digest of the request does not fit');
    const required = (id: string): DerNode => {
      const node = csr.attributes.get(id);
      if (!node) throw new ScepError(`attribute ${id} is missing`);
      return node;
    };
    const osVersion = csr.attributes.get(enrollmentOids.osVersion);
    const clientInfo = csr.attributes.get(enrollmentOids.requestClientInfo);
    return {
      spki: csr.spki,
      publicKey: csr.publicKey,
      signerHash: asOctets(required(enrollmentOids.scepSignerHash)),
      statement: asOctets(required(enrollmentOids.attestationStatement)),
      ekInfo: required(enrollmentOids.ekInfo).raw,
      extensions: requestedExtensions(csr),
      ...(osVersion ? { osVersion: asText(osVersion) } : {}),
      ...(clientInfo ? { clientInfo: decodeClientInfo(clientInfo) } : {}),
    };
  });

function decodeClientInfo(node: DerNode): RequestClientInfo {
  const [clientId, machine, user, process] = asSequence(node);
  return { clientId: asInteger(clientId), machine: asText(machine), user: asText(user), process: asText(process) };
}

/** SCEP_SIGNER_HASH of a certificate. */
export const scepSignerHash = (certificate: Buffer): Buffer => createHash('sha1').update(certificate).digest();
