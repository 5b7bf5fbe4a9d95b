import { CmsError, decodeSignedData, decryptEnvelopedData, encodeEnvelopedData } from '@greenscreen/crypto/cms';
import { aikAuthorityKeyId } from '@greenscreen/crypto/ek-certificate';
import { type KeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { decodeChallengeContent, encodeAnswerContent, encodePkiMessage, type PkiMessage } from '@greenscreen/crypto/scep';
import { type Certificate, CertificateError } from '@greenscreen/crypto/x509';
import {
  decodeAttestationChallenge,
  encodeAuthorityHost,
  messageTypes,
  pkiStatuses,
  SCEP_NONCE_BYTES,
  ScepError,
} from '@greenscreen/wire/scep';
import { type AttestContext } from '../attest-context.js';
import { AttestationError, attestErrors, asAttestationError } from '../attestation-error.js';
import { type EndorsementCertificate } from '../endorsement/maintenance-task.js';
import { type AikKey } from './aik-key.js';
import { aikRequest } from './aik-request.js';
import { CERTREQ_OUTPUT, CertreqLog } from './certreq-log.js';
import { RegistrationAuthority } from './registration-authority.js';
import { ScepClient, scepUrl } from './scep-client.js';

/** Which part of the acquisition failed: the events differ (reference 05, T7 step 3). */
export type AcquisitionStage = 'discovery' | 'request' | 'pending';

export class AcquisitionError extends AttestationError {
  constructor(
    cause: AttestationError,
    readonly stage: AcquisitionStage,
  ) {
    super(cause.hresult, cause.message, cause.final, { cause });
    this.name = 'AcquisitionError';
  }
}

/** The key and certificate that a SCEP client makes for one dialogue (reference 03, 2.6). */
export interface ProtocolIdentity {
  readonly certificate: Buffer;
  readonly keys: KeyPair;
}

export interface AikEnrollmentInput {
  readonly aik: AikKey;
  readonly endorsement: EndorsementCertificate;
  readonly protocol: ProtocolIdentity;
  /** Computer name. */
  readonly machine: string;
}

/** What the service issued: the AIK certificate, and its issuer where the answer holds it. */
export interface IssuedAik {
  readonly certificate: Certificate;
  readonly issuer: Certificate | undefined;
}

/**
 * The SCEP dialogue of `certreq -enrollaik`: GetCACaps, GetCACertChain, request, challenge, activation in the TPM, answer (reference 03, 2.2
 * to 2.14). What the tool would print stays in the device's files. Throws {@link AcquisitionError}.
 */
export async function enrollAik(context: AttestContext, input: AikEnrollmentInput): Promise<IssuedAik> {
  const host = authorityHost(context, input.endorsement);
  const log = new CertreqLog(input.machine, scepUrl(host));
  let stage: AcquisitionStage = 'discovery';
  try {
    const client = new ScepClient(context, host, log);
    const authority = await discover(context, client);
    const recipient = authority.recipient();
    stage = 'request';
    const dialogue = new Dialogue(context, input, { client, authority, recipient, log });
    const issued = await dialogue.run();
    log.enrolled(issued.certificate.der);
    return issued;
  } catch (error) {
    if (error instanceof AcquisitionError) throw error;
    throw new AcquisitionError(asAttestationError(error), stage);
  } finally {
    context.files.set(CERTREQ_OUTPUT, log.text());
  }
}

/** Named after the vendor and the key that signs its EK certificates (reference 03, 2.1). */
function authorityHost({ traits }: AttestContext, { ek, issuers }: EndorsementCertificate): string {
  const keyId = aikAuthorityKeyId(ek.certificate, issuers);
  if (keyId === undefined)
    throw new AcquisitionError(new AttestationError(attestErrors.notFound, 'The EK certificate names no authority key'), 'discovery');
  return encodeAuthorityHost({ vendor: traits.tpm.vendor, keyId });
}

/** A service without the challenge extension is no AIK service. */
async function discover(context: AttestContext, client: ScepClient): Promise<RegistrationAuthority> {
  const capabilities = await client.capabilities();
  if (!capabilities.has('identitykeyattestation') || !capabilities.has('getcacertchain'))
    throw new AttestationError(attestErrors.unreadable, 'The service attests no identity keys');
  return new RegistrationAuthority(context, await client.chain());
}

interface Service {
  readonly client: ScepClient;
  readonly authority: RegistrationAuthority;
  readonly recipient: Certificate;
  readonly log: CertreqLog;
}

/** Two messages and their answers, in one transaction. */
class Dialogue {
  private readonly transactionId: string;

  constructor(
    private readonly context: AttestContext,
    private readonly input: AikEnrollmentInput,
    private readonly service: Service,
  ) {
    this.transactionId = context.random.bytes(20).toString('hex');
  }

  async run(): Promise<IssuedAik> {
    const { input, service } = this;
    const request = aikRequest(this.context, { ...input, signer: input.protocol.certificate, recipient: service.recipient });
    // The EK's authorities travel beside the signer, the root first (reference 03, 2.6).
    const issuers = [...input.endorsement.issuers].reverse().map(({ der }) => der);
    const challenge = await this.exchange(messageTypes.pkcsReq, request, pkiStatuses.pendingChallenge, issuers);
    const answer = await this.answer(challenge);
    return this.issued(await this.exchange(messageTypes.challengeAnswer, answer, pkiStatuses.success));
  }

  /** Sends an encrypted message and decrypts the answer, which must have the expected `pkiStatus`. */
  private async exchange(messageType: string, content: Buffer, expected: string, certificates: readonly Buffer[] = []): Promise<Buffer> {
    const { client, authority, recipient, log } = this.service;
    const { certificate, keys } = this.input.protocol;
    const senderNonce = this.context.random.bytes(SCEP_NONCE_BYTES);
    const answer = await client.send(
      messageType === messageTypes.pkcsReq ? 'Submit(Request)' : 'Submit(ChallengeAnswer)',
      encodePkiMessage({
        messageType,
        transactionId: this.transactionId,
        senderNonce,
        envelope: encodeEnvelopedData(content, recipient.der),
        signer: { certificate, key: keys.privateKey },
        certificates,
      }),
    );
    authority.requireSigner(answer.signer);
    if (answer.transactionId !== this.transactionId || answer.recipientNonce?.equals(senderNonce) !== true)
      throw new AttestationError(attestErrors.unreadable, 'The answer belongs to another request');
    log.disposition(answer.pkiStatus ?? '', answer.failInfo);
    if (answer.pkiStatus !== expected) throw refusalIn(answer);
    return opened(() => decryptEnvelopedData(answer.envelope, keys.privateKey).content);
  }

  /** Only the TPM with this EK and this AIK can read the secret (reference 03, 2.12 and 2.13). */
  private async answer(content: Buffer): Promise<Buffer> {
    const { tpm, traits } = this.context;
    const { challenge, serverState } = opened(() => decodeChallengeContent(content));
    const credential = opened(() => decodeAttestationChallenge(challenge));
    const secret = await tpm.activateCredential(this.input.aik.key, credential);
    const told = traits.corruptChallengeAnswer ? withOneBitFlipped(secret) : secret;
    return encodeAnswerContent({ answer: encodeEnvelopedData(told, this.service.recipient.der), serverState });
  }

  private issued(content: Buffer): IssuedAik {
    const [certificate, issuer] = opened(() => decodeSignedData(content).certificates);
    if (!certificate) throw new AttestationError(attestErrors.unreadable, 'The answer holds no certificate');
    if (!certificate.spki.equals(spkiOf(this.input.aik.key.publicKey)))
      throw new AttestationError(BAD_PUBLIC_KEY, 'The certificate is for another key');
    this.requireBegun(certificate);
    return { certificate, issuer };
  }

  /** By the device's own clock (reference 05, 9). One that has expired already is for the join to refuse (reference 05, 44). */
  private requireBegun({ notBefore }: Certificate): void {
    if (this.context.clock.now() < notBefore) throw new AttestationError(attestErrors.notTimeValid, 'The AIK certificate is not valid yet');
  }
}

/** NTE_BAD_PUBLIC_KEY */
const BAD_PUBLIC_KEY = 0x80090015;
/** E_FAIL: a refusal that names no code. */
const UNSPECIFIED = 0x80004005;

function refusalIn({ pkiStatus, scepError, serverMessage }: PkiMessage): AttestationError {
  if (pkiStatus === pkiStatuses.pending)
    return new AcquisitionError(new AttestationError(UNSPECIFIED, 'The request stays pending'), 'pending');
  // A signed decimal number (reference 03, 2.11).
  const hresult = /^-?\d+$/.test(scepError ?? '') ? Number(scepError) >>> 0 : UNSPECIFIED;
  return new AttestationError(hresult, serverMessage ?? `The service refused with status ${pkiStatus ?? 'unknown'}`);
}

function withOneBitFlipped(secret: Buffer): Buffer {
  const bytes = Buffer.from(secret);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes;
}

/** What cannot be opened or read is a failure of the attempt. */
function opened<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CmsError || error instanceof ScepError || error instanceof CertificateError)
      throw new AttestationError(attestErrors.unreadable, error.message, false, { cause: error });
    throw error;
  }
}
