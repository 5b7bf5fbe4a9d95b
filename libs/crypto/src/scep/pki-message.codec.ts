import { type KeyObject } from 'node:crypto';
import { enrollmentOids, SCEP_NONCE_BYTES, scepAttributeOids, ScepError } from '@greenscreen/wire/scep';
import { type CmsAttribute, CmsError, decodeSignedData, encodeSignedData, type SignedData, verifySignedData } from '../cms/index.js';
import { asOctets, asText, DerError, octets, printable, utf8 } from '../der/index.js';
import { type Certificate } from '../x509/index.js';
import { scepGuard } from './guard.js';

/** Signed attributes of a SCEP message (reference 03, 2.5). */
export interface PkiAttributes {
  readonly messageType: string;
  readonly transactionId: string;
  /** 16 bytes, like recipientNonce. */
  readonly senderNonce: Buffer;
  /** Answers only: the request's senderNonce. */
  readonly recipientNonce?: Buffer;
  readonly pkiStatus?: string;
  readonly failInfo?: string;
  /** HRESULT of a failure, as a signed decimal (311.21.33). */
  readonly scepError?: string;
  /** Text for people (311.21.38). */
  readonly serverMessage?: string;
}

export interface PkiMessageInput extends PkiAttributes {
  /** ContentInfo with EnvelopedData; failures and pending answers have none. */
  readonly envelope?: Buffer;
  readonly signer: { readonly certificate: Buffer; readonly key: KeyObject };
  /** DER, behind the signer's. */
  readonly certificates?: readonly Buffer[];
}

/** ContentInfo with SignedData, the signer's certificate first. */
export function encodePkiMessage({ envelope, signer, certificates = [], ...attributes }: PkiMessageInput): Buffer {
  return encodeSignedData({
    ...(envelope ? { content: envelope } : {}),
    certificates: [signer.certificate, ...certificates],
    signer: { ...signer, attributes: encodeAttributes(attributes) },
  });
}

function encodeAttributes(attributes: PkiAttributes): CmsAttribute[] {
  const text = (oid: string, value: string | undefined, write = printable): CmsAttribute[] =>
    value === undefined ? [] : [{ oid, value: write(value) }];
  const nonce = (oid: string, value: Buffer | undefined): CmsAttribute[] => (value ? [{ oid, value: octets(value) }] : []);
  return [
    ...text(scepAttributeOids.messageType, attributes.messageType),
    ...text(scepAttributeOids.pkiStatus, attributes.pkiStatus),
    ...text(scepAttributeOids.failInfo, attributes.failInfo),
    ...nonce(scepAttributeOids.senderNonce, attributes.senderNonce),
    ...nonce(scepAttributeOids.recipientNonce, attributes.recipientNonce),
    ...text(scepAttributeOids.transactionId, attributes.transactionId),
    ...text(enrollmentOids.scepError, attributes.scepError),
    ...text(enrollmentOids.scepServerMessage, attributes.serverMessage, utf8),
  ];
}

/** A received message whose signature holds. Whether the signer may speak is for the receiver to judge. */
export interface PkiMessage extends PkiAttributes {
  readonly signer: Certificate;
  /** What came behind the signer's certificate. */
  readonly certificates: readonly Certificate[];
  /** Empty when the message carries no envelope. */
  readonly envelope: Buffer;
}

/**
 * Decodes a SCEP message and verifies its signature by the first certificate. Throws {@link ScepError} when it is no SignedData, when
 * another certificate signed, or when messageType, transactionID or a 16-byte senderNonce is missing.
 */
export function decodePkiMessage(der: Buffer): PkiMessage {
  return scepGuard('SCEP message', () => {
    const signed = decodeSignedData(der);
    const signer = verifySignedData(signed);
    const [first, ...certificates] = signed.certificates;
    if (signer !== first) throw new ScepError('the signer’s certificate is not the first');
    return { ...readAttributes(signed), signer, certificates, envelope: signed.content };
  });
}

function readAttributes({ signers }: SignedData): PkiAttributes {
  const attributes = signers[0]?.attributes;
  const text = (oid: string): string | undefined => {
    const node = attributes?.get(oid);
    return node && asText(node);
  };
  const nonce = (oid: string): Buffer | undefined => {
    const node = attributes?.get(oid);
    const value = node && asOctets(node);
    if (value && value.length !== SCEP_NONCE_BYTES) throw new ScepError('a nonce of another size');
    return value;
  };
  const messageType = text(scepAttributeOids.messageType);
  const transactionId = text(scepAttributeOids.transactionId);
  const senderNonce = nonce(scepAttributeOids.senderNonce);
  if (messageType === undefined || !transactionId || !senderNonce)
    throw new ScepError('messageType, transactionID or senderNonce is missing');
  const optional = {
    recipientNonce: nonce(scepAttributeOids.recipientNonce),
    pkiStatus: text(scepAttributeOids.pkiStatus),
    failInfo: text(scepAttributeOids.failInfo),
    scepError: text(enrollmentOids.scepError),
    serverMessage: text(enrollmentOids.scepServerMessage),
  };
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return { messageType, transactionId, senderNonce, ...present };
}

/** `messageType` of a message, as it stands and unverified; undefined when the bytes are no SCEP message: names an operation in a log. */
export function peekMessageType(der: Buffer): string | undefined {
  try {
    const node = decodeSignedData(der).signers[0]?.attributes.get(scepAttributeOids.messageType);
    return node && asText(node);
  } catch (error) {
    if (error instanceof CmsError || error instanceof DerError) return undefined;
    throw error;
  }
}
