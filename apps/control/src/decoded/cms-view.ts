import { CmsError, cmsOids, decodeSignedData, decryptEnvelopedData, type SignerInfo } from '@greenscreen/crypto/cms';
import {
  asIntegerBytes,
  asOid,
  asSequence,
  asSet,
  asText,
  contextMember,
  DerError,
  decodeDer,
  type DerNode,
  tags,
} from '@greenscreen/crypto/der';
import { CertificateError } from '@greenscreen/crypto/x509';
import { type KeyObject } from 'node:crypto';
import { failInfos, messageTypes } from './scep-names.js';
import { certificateValue, nameText } from './certificate-views.js';
import { derNode } from './der-view.js';
import { oidName } from './oid-names.js';
import { hex, type Json, type Look, partOf, toJson, type View, viewOf } from './view.js';

/** The private key of whom this issuer (a Name, DER) certified to receive messages, if the lab holds it. */
export type KeyOf = (issuer: Buffer) => KeyObject | undefined;

/** SignedData, with SCEP's attributes by their names, or EnvelopedData, opened when it is for one of the lab's own keys. */
export function cmsView(bytes: Buffer, look: Look, keyOf: KeyOf): View | undefined {
  if (bytes[0] !== 0x30) return undefined;
  try {
    const [type, ...rest] = asSequence(decodeDer(bytes, { ber: true }));
    if (asOid(type) === cmsOids.signedData) return signed(bytes, look);
    return asOid(type) === cmsOids.envelopedData ? enveloped(bytes, contextMember(rest, 0)?.children[0], look, keyOf) : undefined;
  } catch (error) {
    if (error instanceof CmsError || error instanceof DerError || error instanceof CertificateError) return undefined;
    throw error;
  }
}

function signed(bytes: Buffer, look: Look): View {
  const { content, certificates, signers } = decodeSignedData(bytes);
  const value = toJson({
    type: 'signedData',
    certificates: certificates.map(certificateValue),
    signers: signers.map(signer),
    contentBytes: content.length,
  });
  return viewOf('cms', value, partOf('content', content, look));
}

const signer = ({ issuer, serial, digest, attributes, signature }: SignerInfo): Json => ({
  issuer: nameText(decodeDer(issuer)),
  serial: hex(serial),
  digest,
  attributes: Object.fromEntries([...attributes].map(([oid, node]) => [oidName(oid), attributeOf(oidName(oid), node)])),
  signature: hex(signature),
});

function attributeOf(name: string, node: DerNode): Json {
  if (node.tag !== tags.printableString) return derNode(node.raw) ?? hex(node.raw);
  const text = asText(node);
  const meaning = name === 'messageType' ? messageTypes[text] : name === 'failInfo' ? failInfos[text] : undefined;
  return meaning === undefined ? text : `${text} (${meaning})`;
}

function enveloped(bytes: Buffer, content: DerNode | undefined, look: Look, keyOf: KeyOf): View {
  const [version, recipients, encrypted] = asSequence(content);
  const [, cipher] = asSequence(encrypted);
  const addressees = asSet(recipients).map((recipient) => {
    const [issuer, serial] = asSequence(asSequence(recipient)[1]);
    return { issuer: issuer?.raw ?? Buffer.alloc(0), serial: asIntegerBytes(serial) };
  });
  const [first] = addressees;
  const key = first && keyOf(first.issuer);
  const value = {
    type: 'envelopedData',
    version: (version && derNode(version.raw)) ?? null,
    recipients: addressees.map(({ issuer, serial }) => ({ issuer: nameText(decodeDer(issuer)), serial: hex(serial) })),
    cipher: oidName(asOid(asSequence(cipher)[0])),
    readable: key !== undefined,
  };
  return viewOf('cms', value, key ? partOf('content', decryptEnvelopedData(bytes, key).content, look) : []);
}
