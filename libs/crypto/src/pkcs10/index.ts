import { createHash, type KeyObject, verify } from 'node:crypto';
import {
  asBits,
  asOctets,
  asOid,
  asSequence,
  asSet,
  bits,
  contextMember,
  decodeDer,
  type Der,
  DerError,
  type DerNode,
  explicit,
  int,
  nul,
  oid,
  seq,
  set,
} from '../der/index.js';
import { publicKeyFromSpki } from '../keys/index.js';
import { encodeExtension, type Extension, nameOids, nameValues } from '../x509/index.js';

/** The bytes are not a usable PKCS#10 request. */
export class CsrError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CsrError';
  }
}

export const csrOids = {
  extensionRequest: '1.2.840.113549.1.9.14',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha1WithRsaOiw: '1.3.14.3.2.29',
} as const;

export interface Csr {
  readonly der: Buffer;
  /** CertificationRequestInfo as received: what is signed. */
  readonly info: Buffer;
  readonly subject: DerNode;
  /** First common name with trailing NULs taken off: Windows writes one (reference 02, 10.1; 04, 3.2). */
  readonly commonName: string;
  readonly spki: Buffer;
  readonly publicKey: KeyObject;
  /** First value of each attribute, by OID. */
  readonly attributes: ReadonlyMap<string, DerNode>;
  readonly signatureAlgorithm: string;
  readonly signature: Buffer;
}

/** Decodes a PKCS#10 request without judging it. */
export function decodeCsr(der: Buffer): Csr {
  try {
    const [info, algorithm, signature] = asSequence(decodeDer(der));
    if (!info) throw new DerError('no CertificationRequestInfo');
    const [, subject, spki, ...rest] = asSequence(info);
    if (!subject || !spki) throw new DerError('no subject or key');
    const attributes = contextMember(rest, 0)?.children ?? [];
    return {
      der,
      info: info.raw,
      subject,
      commonName: (nameValues(subject, nameOids.cn)[0] ?? '').replace(/\0+$/, ''),
      spki: spki.raw,
      publicKey: publicKeyFromSpki(spki.raw),
      attributes: new Map(attributes.flatMap(readAttribute)),
      signatureAlgorithm: asOid(asSequence(algorithm)[0]),
      signature: asBits(signature),
    };
  } catch (error) {
    throw new CsrError(error instanceof DerError ? `Not a PKCS#10 request: ${error.message}` : 'Not a usable PKCS#10 request', {
      cause: error,
    });
  }
}

function readAttribute(node: DerNode): [string, DerNode][] {
  const [id, values] = asSequence(node);
  const first = asSet(values)[0];
  return first ? [[asOid(id), first]] : [];
}

/** Requested extension values by OID. */
export function requestedExtensions(csr: Csr): Map<string, Buffer> {
  const request = csr.attributes.get(csrOids.extensionRequest);
  return new Map(request ? asSequence(request).map((node) => [asOid(asSequence(node)[0]), asOctets(asSequence(node).at(-1))]) : []);
}

const hashes: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.113549.1.1.5': 'sha1',
  [csrOids.sha1WithRsaOiw]: 'sha1',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
};

/** Whether the request is signed by the key that it carries. */
export function verifyCsr(csr: Csr): boolean {
  const hash = hashes[csr.signatureAlgorithm];
  if (!hash) return false;
  try {
    return verify(hash, csr.info, csr.publicKey, csr.signature);
  } catch {
    return false;
  }
}

export interface CsrTemplate {
  /** DER of the subject Name. */
  readonly subject: Der;
  /** SubjectPublicKeyInfo. */
  readonly spki: Buffer;
  /** Encoded attributes, in order (see {@link csrAttribute}). */
  readonly attributes?: readonly Der[];
}

export const csrAttribute = (id: string, ...values: Der[]): Der => seq(oid(id), set(...values));
export const extensionRequest = (extensions: readonly Extension[]): Der =>
  csrAttribute(csrOids.extensionRequest, seq(...extensions.map(encodeExtension)));

const infoOf = ({ subject, spki, attributes = [] }: CsrTemplate): Der => seq(int(0), subject, spki, explicit(0, ...attributes));

/** A request signed with SHA-256 and RSA; the signer may be a TPM, so it is asked for the signature over the SHA-256 digest. */
export async function encodeCsr(template: CsrTemplate, signDigest: (sha256: Buffer) => Promise<Buffer>): Promise<Buffer> {
  const info = infoOf(template);
  const signature = await signDigest(createHash('sha256').update(info).digest());
  return seq(info, seq(oid('1.2.840.113549.1.1.11'), nul()), bits(signature));
}

/** The AIK's request: a restricted key cannot sign it, so a SHA-256 digest stands in the signature's place (reference 03, 2.7). */
export function encodeUnsignedCsr(template: CsrTemplate): Buffer {
  const info = infoOf(template);
  return digested(info, [nul()]);
}

/** Whether an AIK request's digest is the one of its content. Everything around the content is known, so nothing else may stand there. */
export const verifyUnsignedCsr = ({ der, info }: Csr): boolean =>
  [[nul()], []].some((parameters) => der.equals(digested(info, parameters)));

const digested = (info: Buffer, parameters: Der[]): Der =>
  seq(info, seq(oid(csrOids.sha256), ...parameters), bits(createHash('sha256').update(info).digest()));
