import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import {
  asInteger,
  asIntegerBytes,
  asOctets,
  asOid,
  asSequence,
  asSet,
  contextMember,
  decodeDer,
  type Der,
  DerError,
  type DerNode,
  explicit,
  int,
  nul,
  octets,
  oid,
  seq,
  set,
  setOf,
  tags,
} from '../der/index.js';
import { type Certificate, decodeCertificate, signatureOids } from '../x509/index.js';
import { CmsError } from './error.js';

export const cmsOids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  envelopedData: '1.2.840.113549.1.7.3',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha1: '1.3.14.3.2.26',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  rsaEncryption: '1.2.840.113549.1.1.1',
} as const;

const digestNames: Readonly<Record<string, string>> = {
  [cmsOids.sha256]: 'sha256',
  [cmsOids.sha1]: 'sha1',
  [cmsOids.sha384]: 'sha384',
  [cmsOids.sha512]: 'sha512',
};

/** A signed attribute: OID and its one value, encoded. */
export interface CmsAttribute {
  readonly oid: string;
  readonly value: Der;
}

export interface SignedDataInput {
  /** eContent; an empty OCTET STRING when absent. */
  readonly content?: Buffer;
  /** DER, in order; the signer's first where clients look there (reference 03, 2.5). */
  readonly certificates: readonly Buffer[];
  /** None: a degenerate SignedData that only carries certificates. */
  readonly signer?: { readonly certificate: Buffer; readonly key: KeyObject; readonly attributes?: readonly CmsAttribute[] };
}

const contentInfo = (type: string, content: Der): Der => seq(oid(type), explicit(0, content));
const sha256Identifier = (): Der => seq(oid(cmsOids.sha256), nul());

const issuerAndSerial = (certificate: Buffer): Der => {
  const { issuer, serial } = decodeCertificate(certificate);
  return seq(issuer.raw, int(serial));
};

/** ContentInfo with SignedData, DER. With attributes, they are what is signed, contentType and messageDigest added. */
export function encodeSignedData({ content = Buffer.alloc(0), certificates, signer }: SignedDataInput): Buffer {
  return contentInfo(
    cmsOids.signedData,
    seq(
      int(1),
      signer ? set(sha256Identifier()) : set(),
      seq(oid(cmsOids.data), explicit(0, octets(content))),
      ...(certificates.length > 0 ? [explicit(0, ...certificates)] : []),
      signer ? set(signerInfo(signer, content)) : set(),
    ),
  );
}

function signerInfo({ certificate, key, attributes }: NonNullable<SignedDataInput['signer']>, content: Buffer): Der {
  const all: CmsAttribute[] | undefined = attributes && [
    { oid: cmsOids.contentType, value: oid(cmsOids.data) },
    { oid: cmsOids.messageDigest, value: octets(createHash('sha256').update(content).digest()) },
    ...attributes,
  ];
  const encoded = all?.map(({ oid: id, value }) => seq(oid(id), set(value)));
  // The signature is over the attributes as a SET OF; inside SignerInfo the same bytes carry the tag [0] (RFC 5652, 5.4). In DER's order,
  // since some verifiers sort before they hash.
  const attributeSet = encoded && setOf(...encoded);
  const signature = sign('sha256', attributeSet ?? content, key);
  return seq(
    int(1),
    issuerAndSerial(certificate),
    sha256Identifier(),
    ...(attributeSet ? [Buffer.concat([Buffer.from([0xa0]), attributeSet.subarray(1)])] : []),
    seq(oid(cmsOids.rsaEncryption), nul()),
    octets(signature),
  );
}

export interface SignedData {
  readonly content: Buffer;
  readonly certificates: readonly Certificate[];
  readonly signers: readonly SignerInfo[];
}

export interface SignerInfo {
  readonly issuer: Buffer;
  readonly serial: Buffer;
  readonly digest: string;
  /** Values by OID. */
  readonly attributes: ReadonlyMap<string, DerNode>;
  /** Bytes of the attributes with the tag of a SET, in the order received. */
  readonly signedBytes?: Buffer;
  readonly signature: Buffer;
}

/** The content of a ContentInfo of this type; indefinite lengths, which streaming writers use, are read too. */
export function contentOf(type: string, der: Buffer): DerNode | undefined {
  const [id, ...rest] = asSequence(decodeDer(der, { ber: true }));
  if (asOid(id) !== type || rest.length !== 1) throw new CmsError('content of another type');
  return contextMember(rest, 0)?.children[0];
}

/** Decodes a ContentInfo with SignedData of version 1. Throws {@link CmsError}. */
export function decodeSignedData(der: Buffer): SignedData {
  return guarded('SignedData', () => {
    const [version, digests, encapsulated, ...rest] = asSequence(contentOf(cmsOids.signedData, der));
    if (asInteger(version) !== 1) throw new CmsError('unsupported SignedData');
    const [type, ...wrapped] = asSequence(encapsulated);
    if (asOid(type) !== cmsOids.data) throw new CmsError('content that is no data');
    const content = contextMember(wrapped, 0)?.children[0];
    const announced = asSet(digests).map(digestOf);
    const signers = asSet(rest.at(-1)).map(readSigner);
    // What nobody signs is held to what is signed: the list in front is not covered by any signature.
    if (announced.some((digest) => !signers.some((signer) => signer.digest === digest)) && signers.length > 0)
      throw new CmsError('a digest that nobody uses');
    return {
      content: content ? asOctets(content) : Buffer.alloc(0),
      certificates: (contextMember(rest, 0)?.children ?? []).map((node) => decodeCertificate(node.raw)),
      signers,
    };
  });
}

/** The OID of an AlgorithmIdentifier that has no parameters, or NULL. */
function plainAlgorithm(node: DerNode | undefined): string {
  const [id, ...parameters] = asSequence(node);
  if (parameters.some(({ raw }) => !raw.equals(nul())) || parameters.length > 1) throw new CmsError('unexpected parameters');
  return asOid(id);
}

function digestOf(node: DerNode | undefined): string {
  const digest = digestNames[plainAlgorithm(node)];
  if (!digest) throw new CmsError('unsupported digest');
  return digest;
}

function readSigner(node: DerNode): SignerInfo {
  const [version, sid, digestAlgorithm, ...rest] = asSequence(node);
  if (asInteger(version) !== 1) throw new CmsError('unsupported SignerInfo');
  const [issuer, serial] = asSequence(sid);
  if (!issuer) throw new DerError('no signer identifier');
  const attributes = contextMember(rest.slice(0, 1), 0);
  const [signatureAlgorithm, signature] = attributes ? rest.slice(1) : rest;
  const signedBytes = attributes && Buffer.concat([Buffer.from([tags.set | 0x20]), attributes.raw.subarray(1)]);
  const digest = digestOf(digestAlgorithm);
  if (!signs(plainAlgorithm(signatureAlgorithm), digest)) throw new CmsError('unsupported signature algorithm');
  return {
    issuer: issuer.raw,
    serial: asIntegerBytes(serial),
    digest,
    attributes: new Map((attributes?.children ?? []).map((attribute) => readAttribute(attribute))),
    ...(signedBytes ? { signedBytes } : {}),
    signature: asOctets(signature),
  };
}

/** Signers name the key's algorithm, or the one that the digest is part of (reference 03, 2.5). */
const signs = (oid: string, digest: string): boolean =>
  oid === cmsOids.rsaEncryption || [rsaSignatures[digest], ecSignatures[digest]].includes(oid);
const rsaSignatures: Readonly<Record<string, string>> = {
  sha1: signatureOids.rsaSha1,
  sha256: signatureOids.rsaSha256,
  sha384: signatureOids.rsaSha384,
  sha512: signatureOids.rsaSha512,
};
const ecSignatures: Readonly<Record<string, string>> = {
  sha1: signatureOids.ecdsaSha1,
  sha256: signatureOids.ecdsaSha256,
  sha384: signatureOids.ecdsaSha384,
  sha512: signatureOids.ecdsaSha512,
};

function readAttribute(node: DerNode): [string, DerNode] {
  const [id, values] = asSequence(node);
  const value = asSet(values)[0];
  if (!value) throw new DerError('attribute without a value');
  return [asOid(id), value];
}

/** The signer's certificate if its signature over attributes and content holds; otherwise throws CmsError. */
export function verifySignedData(signed: SignedData, signer: SignerInfo | undefined = signed.signers[0]): Certificate {
  if (!signer) throw new CmsError('nobody signed');
  const certificate = signed.certificates.find(({ issuer, serial }) => issuer.raw.equals(signer.issuer) && serial.equals(signer.serial));
  if (!certificate) throw new CmsError('the signer’s certificate is missing');
  if (signer.signedBytes) {
    const digest = signer.attributes.get(cmsOids.messageDigest);
    const expected = createHash(signer.digest).update(signed.content).digest();
    if (!digest || !guarded('messageDigest', () => asOctets(digest)).equals(expected))
      throw new CmsError('messageDigest does not fit the content');
  }
  const key = guarded('the signer’s key', () => certificate.publicKey);
  if (!holds(signer.digest, signer.signedBytes ?? signed.content, key, signer.signature)) throw new CmsError('the signature is wrong');
  return certificate;
}

function holds(digest: string, data: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify(digest, data, key, signature);
  } catch {
    return false;
  }
}

/** Turns what decoders below throw into this codec's own error. */
export function guarded<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CmsError) throw error;
    throw new CmsError(`Unusable ${what}`, { cause: error });
  }
}
