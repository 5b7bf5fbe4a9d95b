import { type ContentCipher, encodeEnvelopedData } from '@greenscreen/crypto/cms';
import { encodePkiMessage, type PkiAttributes, type PkiMessage } from '@greenscreen/crypto/scep';
import { type Random } from '@greenscreen/host/random';
import { reply, type Reply } from '@greenscreen/host/reply';
import { messageTypes, SCEP_NONCE_BYTES, scepMediaTypes } from '@greenscreen/wire/scep';
import { serviceHeaders } from '../attestation.errors.js';
import { type RegistrationAuthority } from './registration-authority.js';

/** What an answer says besides repeating the request's transaction. */
export interface CertificateReply extends Pick<PkiAttributes, 'failInfo' | 'scepError' | 'serverMessage'> {
  readonly pkiStatus: string;
  /** Encrypted to the request's signer with the cipher that the request used; failures and pending answers have none. */
  readonly content?: Buffer;
  readonly cipher?: ContentCipher;
}

/** A signed CertRep, HTTP 200 (reference 03, 2.5). */
export function certificateReply(
  request: Pick<PkiMessage, 'transactionId' | 'senderNonce' | 'signer'>,
  { signing }: RegistrationAuthority,
  random: Random,
  { content, cipher, ...attributes }: CertificateReply,
): Reply {
  const body = encodePkiMessage({
    messageType: messageTypes.certRep,
    transactionId: request.transactionId,
    senderNonce: random.bytes(SCEP_NONCE_BYTES),
    recipientNonce: request.senderNonce,
    ...attributes,
    ...(content ? { envelope: encodeEnvelopedData(content, request.signer.der, cipher) } : {}),
    signer: signing,
  });
  return reply(200, scepMediaTypes.message, body, serviceHeaders());
}
