import { timingSafeEqual } from 'node:crypto';
import { MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { switchOf } from '@greenscreen/model/tenancy';
import { DIGEST_TYPE, digestOf, encodeSyncMessage, type Meta, statusCode, type SyncHeader } from '@greenscreen/wire/syncml';
import { type EntityManager } from 'typeorm';
import { acknowledgements } from '../send/acknowledgements.js';
import { replyTo } from '../send/reply-to.js';
import { type ManagementMessage } from './management-message.js';

const NONCE_BYTES = 16;

/** How a new session is let in: refused with an answer, or accepted, perhaps with a nonce for the next one. */
export type SessionAuthentication = { readonly refusal: Buffer } | { readonly nextNonce: string | undefined };

/**
 * Digest authentication of the device, which Intune leaves to TLS: switch `mdm.digestAuth`, off by default (reference 04, 4.4). Every
 * verdict brings a new nonce, so that none serves twice.
 */
export async function authenticateSession(
  em: EntityManager,
  { message, tenant, mdm }: ManagementMessage,
  enrollment: MdmEnrollment,
): Promise<SessionAuthentication> {
  if (!switchOf(tenant, 'mdm.digestAuth', false)) return { nextNonce: undefined };
  const code = verdict(message.header, enrollment);
  const nextNonce = mdm.random.bytes(NONCE_BYTES).toString('base64');
  enrollment.secrets = { ...enrollment.secrets, serverNonce: nextNonce };
  await em.update(MdmEnrollment, { id: enrollment.id }, { secrets: enrollment.secrets });
  if (code === undefined) return { nextNonce };
  const statuses = acknowledgements(message, { code, challenge: challengeOf(nextNonce) }, code);
  return { refusal: encodeSyncMessage(replyTo(message, statuses)) };
}

/** Whether a message brings credentials, so that it may begin a session that was refused before. */
export const bringsCredentials = ({ message, tenant }: ManagementMessage): boolean =>
  message.header.credentials !== undefined && switchOf(tenant, 'mdm.digestAuth', false);

export const challengeOf = (nextNonce: string): Meta => ({ format: 'b64', type: DIGEST_TYPE, nextNonce });

/** Undefined for the right credentials. */
function verdict({ credentials }: SyncHeader, { id, secrets }: MdmEnrollment): number | undefined {
  if (!credentials) return statusCode.credentialsMissing;
  const expected = Buffer.from(digestOf({ name: id, secret: secrets.serverSecret, nonce: secrets.serverNonce }));
  const given = Buffer.from(credentials.data);
  const right = credentials.type === DIGEST_TYPE && given.length === expected.length && timingSafeEqual(given, expected);
  return right ? undefined : statusCode.unauthorized;
}
