import { enrollmentOids, ScepError } from '@greenscreen/wire/scep';
import { asOctets, asOid, asSequence, asSet, decodeDer, type Der, type DerNode, octets, oid, seq, set } from '../der/index.js';
import { scepGuard } from './guard.js';

/** Plaintext of the answer that challenges (reference 03, 2.12). */
export interface ChallengeContent {
  /** TACH blob. */
  readonly challenge: Buffer;
  /** Sent: the server's ContentInfo. Received: the whole attribute, which goes back byte for byte. */
  readonly serverState: Buffer;
}

const attribute = (id: string, value: Der): Der => seq(oid(id), set(value));

/** A SET OF Attribute, the challenge first: clients decode by position. */
export const encodeChallengeContent = ({ challenge, serverState }: ChallengeContent): Buffer =>
  set(attribute(enrollmentOids.attestationChallenge, octets(challenge)), attribute(enrollmentOids.scepServerState, serverState));

/** Throws {@link ScepError}. */
export const decodeChallengeContent = (der: Buffer): ChallengeContent =>
  scepGuard('challenge', () => {
    const attributes = attributesOf(der);
    return {
      challenge: asOctets(valueOf(attributes, enrollmentOids.attestationChallenge).value),
      serverState: valueOf(attributes, enrollmentOids.scepServerState).attribute,
    };
  });

/** Plaintext of the message that answers the challenge (reference 03, 2.13). */
export interface AnswerContent {
  /** ContentInfo with EnvelopedData of the secret. */
  readonly answer: Buffer;
  /** Sent: the attribute as received. Received: the server's ContentInfo. */
  readonly serverState: Buffer;
}

export const encodeAnswerContent = ({ answer, serverState }: AnswerContent): Buffer =>
  set(attribute(enrollmentOids.scepChallengeAnswer, answer), serverState);

/** Throws {@link ScepError}. */
export const decodeAnswerContent = (der: Buffer): AnswerContent =>
  scepGuard('challenge answer', () => {
    const attributes = attributesOf(der);
    return {
      answer: valueOf(attributes, enrollmentOids.scepChallengeAnswer).value.raw,
      serverState: valueOf(attributes, enrollmentOids.scepServerState).value.raw,
    };
  });

interface ReceivedAttribute {
  readonly attribute: Buffer;
  readonly value: DerNode;
}

function attributesOf(der: Buffer): ReadonlyMap<string, ReceivedAttribute> {
  const nodes = asSet(decodeDer(der));
  const attributes = new Map(nodes.map(readAttribute));
  if (attributes.size !== nodes.length) throw new ScepError('the same attribute twice');
  return attributes;
}

function readAttribute(node: DerNode): [string, ReceivedAttribute] {
  const [id, values] = asSequence(node);
  const [value, ...more] = asSet(values);
  if (!value || more.length > 0) throw new ScepError('an attribute needs one value');
  return [asOid(id), { attribute: node.raw, value }];
}

function valueOf(attributes: ReadonlyMap<string, ReceivedAttribute>, id: string): ReceivedAttribute {
  const found = attributes.get(id);
  if (!found) throw new ScepError(`attribute ${id} is missing`);
  return found;
}
