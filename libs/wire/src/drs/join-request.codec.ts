import { DrsFormatError } from './error.js';
import { decodeJoinAttributes, encodeJoinAttributes, type JoinAttributes } from './join-attributes.codec.js';
import { decodeBase64Member, Members } from './members.js';
import { decodeTransportKey, type TransportKey } from './transport-key.codec.js';

/** What a device says of itself when it joins. */
export interface JoinDescription {
  /** Any text; nobody checks it: the tenant is the token's. */
  readonly targetDomain: string;
  /** `Windows`, `Linux`, … */
  readonly deviceType: string;
  readonly osVersion: string;
  readonly deviceDisplayName: string;
}

/** Proof of a hybrid join by the key of the synchronised `userCertificate` (reference 02, 10.1). */
export interface ClientIdentityProof {
  /** `<objectSid>.yyyy-MM-dd HH:mm:ssZ`: what is signed, as ASCII. */
  readonly sid: string;
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  readonly signature: Buffer;
}

/** A join request (reference 02, 10.1). */
export interface JoinRequest extends JoinDescription {
  readonly joinType: number;
  /** PKCS#10, DER. */
  readonly csr: Buffer;
  readonly transportKey: TransportKey;
  /** DER. */
  readonly aikCertificate?: Buffer | undefined;
  /** Base64 text, unread: see `decodeAttestationData` of the oauth folder. */
  readonly attestationData?: string | undefined;
  readonly attributes: JoinAttributes;
  /** Hybrid join only. */
  readonly clientIdentity?: ClientIdentityProof | undefined;
}

/** Reads the JSON value of a join request. Member names compare without regard to case. Throws DrsFormatError naming the member. */
export function decodeJoinRequest(value: unknown): JoinRequest {
  const members = Members.of(value);
  if (!members) throw new DrsFormatError('request body');
  const hybrid = members.object('ServerAdJoinData');
  const described = hybrid ?? members;
  const text = (name: string): string => described.text(name) ?? members.requiredText(name);
  return {
    joinType: decodeJoinType(members.get('JoinType')),
    csr: decodeCsrMember(members),
    transportKey: decodeKeys(described),
    aikCertificate: bytesUnlessEmpty(members, 'AikCertificate'),
    attestationData: members.text('AttestationData') || undefined,
    targetDomain: text('TargetDomain'),
    deviceType: text('DeviceType'),
    // Sloppy clients send null here, which reads as absent.
    osVersion: described.text('OSVersion') ?? '',
    deviceDisplayName: text('DeviceDisplayName'),
    attributes: decodeJoinAttributes(members.object('attributes')),
    clientIdentity: hybrid && decodeClientIdentity(hybrid),
  };
}

/** A number, or its text. */
function decodeJoinType(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,3}$/.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) throw new DrsFormatError('JoinType');
  return number;
}

function decodeCsrMember(members: Members): Buffer {
  const request = members.object('CertificateRequest');
  if (request?.text('Type')?.toLowerCase() !== 'pkcs10') throw new DrsFormatError('CertificateRequest');
  return decodeBase64Member('CertificateRequest', request.requiredText('Data'));
}

/** `TransportKey`, or the key of usage STK in `DeviceKeys` (api-version 3.0); only RSA keys can take a session key here. */
function decodeKeys(members: Members): TransportKey {
  const text = members.text('TransportKey');
  if (text !== undefined) return decodeTransportKey(text);
  const keys = members.get('DeviceKeys');
  if (!Array.isArray(keys)) throw new DrsFormatError('TransportKey');
  const key = keys.map((entry: unknown) => Members.of(entry)).find((entry) => entry?.text('Usage')?.toUpperCase() === 'STK');
  if (key?.text('Type')?.toUpperCase() !== 'RSA') throw new DrsFormatError('DeviceKeys');
  return decodeTransportKey(key.requiredText('Data'), 'DeviceKeys');
}

function bytesUnlessEmpty(members: Members, name: string): Buffer | undefined {
  const text = members.text(name);
  return text ? decodeBase64Member(name, text) : undefined;
}

function decodeClientIdentity(members: Members): ClientIdentityProof {
  const identity = members.object('ClientIdentity');
  if (identity?.text('Type')?.toLowerCase() !== 'sha256signed') throw new DrsFormatError('ClientIdentity');
  return { sid: identity.requiredText('Sid'), signature: decodeBase64Member('ClientIdentity', identity.requiredText('SignedBlob')) };
}

/** What a client sends. */
export interface OutgoingJoinRequest extends JoinDescription {
  readonly joinType: number;
  readonly csr: Buffer;
  /** See {@link JoinRequest.transportKey}; text only. */
  readonly transportKey: string;
  readonly aikCertificate?: Buffer | undefined;
  readonly attestationData?: string | undefined;
  readonly attributes: JoinAttributes;
}

/** The JSON text that Windows posts: `AikCertificate` goes only with `AttestationData`. */
export function encodeJoinRequest(request: OutgoingJoinRequest): string {
  const { aikCertificate, attestationData } = request;
  return JSON.stringify({
    CertificateRequest: { Type: 'pkcs10', Data: request.csr.toString('base64') },
    TransportKey: request.transportKey,
    ...(aikCertificate && attestationData !== undefined
      ? { AikCertificate: aikCertificate.toString('base64'), AttestationData: attestationData }
      : {}),
    TargetDomain: request.targetDomain,
    DeviceType: request.deviceType,
    OSVersion: request.osVersion,
    DeviceDisplayName: request.deviceDisplayName,
    JoinType: request.joinType,
    attributes: encodeJoinAttributes(request.attributes),
  });
}
