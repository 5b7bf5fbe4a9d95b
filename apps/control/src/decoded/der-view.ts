import { asBigInt, asBoolean, asOid, asText, asTime, decodeDer, DerError, type DerNode, tagClasses, tags } from '@greenscreen/crypto/der';
import { oidName } from './oid-names.js';
import { hex, type Json } from './view.js';

const texts: readonly number[] = [tags.utf8String, tags.printableString, tags.ia5String, tags.bmpString];

/** An ASN.1 value of no known type: lists for what is constructed, names for known OIDs, hex for octets. Undefined when it is no DER. */
export function derNode(bytes: Buffer): Json | undefined {
  try {
    return valueOf(decodeDer(bytes));
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function valueOf(node: DerNode): Json {
  if (node.tagClass !== tagClasses.universal)
    return { [`[${node.tag}]`]: node.constructed ? node.children.map(valueOf) : hex(node.content) };
  if (node.constructed) return node.children.map(valueOf);
  if (texts.includes(node.tag)) return asText(node);
  switch (node.tag) {
    case tags.oid:
      return oidName(asOid(node));
    case tags.boolean:
      return asBoolean(node);
    case tags.null:
      return null;
    case tags.integer:
      return node.content.length > 6 ? hex(node.content) : Number(asBigInt(node));
    case tags.utcTime:
    case tags.generalizedTime:
      return asTime(node).toISOString();
    default:
      return hex(node.content);
  }
}
