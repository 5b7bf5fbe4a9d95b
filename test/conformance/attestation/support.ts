import { type ContentCipher, decodeSignedData, decryptEnvelopedData, encodeEnvelopedData } from '@greenscreen/crypto/cms';
import { type EkCertificateQuirks } from '@greenscreen/crypto/ek-certificate';
import { KeyPool, type KeyPair, generateKeyPair, spkiOf } from '@greenscreen/crypto/keys';
import {
  type AikRequestInput,
  type ChallengeContent,
  decodeChallengeContent,
  decodePkiMessage,
  encodeAikRequest,
  encodeAnswerContent,
  encodeEkInfo,
  encodePkiMessage,
  issueProtocolCertificate,
  type PkiMessage,
  RA_ENCRYPTION_CERTIFICATE,
  scepSignerHash,
} from '@greenscreen/crypto/scep';
import { type Certificate, decodeCertificate, extensionOids, subjectCommonName } from '@greenscreen/crypto/x509';
import { type Certification, createSoftwareTpm, type Tpm, type TpmAik, type TpmKey } from '@greenscreen/device/tpm';
import { decodeAttestationChallenge, encodeKeyAttestationStatement, type KeyAttestationStatement } from '@greenscreen/wire/scep';
import { ekHashOf } from '@greenscreen/wire/hardware-hash';
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';

export const CONTROL = 'http://127.0.0.1';
export const NO_VALID_EK = 'No valid TPM EK/Platform certificate provided in the TPM identity request message.';
export const UNPARSABLE = 'Failed to parse SCEP request.';
export const STATEMENT_INVALID = 'Attestation statement cannot be verified, rejecting request.';
export const FIRMWARE = 'Attestation statement cannot be verified, rejecting request. TPM firmware needs update.';
export const CHALLENGE_FAILED = 'Failed to verify the challenge response.';

/** Keeps none ready: keys in the making would outlive the tests. */
const keys = new KeyPool({});

/** All PCs sign with one key, under certificates of their own: making one costs more than a request. */
const scepKeys = keys.take('rsa2048');

const forged = z.object({ certificate: z.base64(), chain: z.array(z.base64()), onDie: z.array(z.base64()), aikHost: z.string() });

export interface EkOrder {
  readonly ek?: 'rsa2048' | 'ecc';
  readonly vendor?: string;
  readonly model?: string;
  readonly firmware?: string;
  readonly defect?: string;
  readonly publish?: boolean;
  readonly quirks?: EkCertificateQuirks;
  readonly onDie?: boolean;
}

/** A PC with a TPM whose vendor has certified it. */
export interface Machine {
  readonly tpm: Tpm;
  readonly ekHash: string;
  /** DER. */
  readonly certificate: Buffer;
  /** Authorities above it, the issuer first. */
  readonly chain: readonly Buffer[];
  /** Those of them that only the TPM has. */
  readonly onDie: readonly Buffer[];
  /** Its AIK authority, in lower case. */
  readonly host: string;
  readonly scep: KeyPair;
  readonly protocolCertificate: Buffer;
  /** Marks its requests, for faults. */
  readonly run: string;
}

export async function manufacture(cloud: TestCloud, { ek = 'rsa2048', ...order }: EkOrder = {}): Promise<Machine> {
  return certified(cloud, await createSoftwareTpm({ ek, keys }), order);
}

/** The same for an EK that only exists outside: nobody can activate what is encrypted to it. */
export async function manufactureFor(
  cloud: TestCloud,
  ek: Pick<TpmKey, 'publicArea' | 'publicKey'>,
  order: EkOrder = {},
): Promise<Machine> {
  const tpm = await createSoftwareTpm({ ek: 'rsa2048', keys });
  Object.defineProperty(tpm, 'endorsementKey', { value: { ...tpm.endorsementKey, ...ek } });
  return certified(cloud, tpm, order);
}

async function certified(cloud: TestCloud, tpm: Tpm, order: EkOrder): Promise<Machine> {
  const { vendor = 'IFX', model = 'SLB 9670', firmware = '7.85', ...rest } = order;
  const response = await cloud.request(`${CONTROL}/forge/certificate`, {
    body: JSON.stringify({
      profile: 'ek',
      ekPublic: tpm.endorsementKey.publicArea.toString('base64'),
      vendor,
      model,
      firmware,
      ...rest,
    }),
  });
  if (response.status !== 201) throw new Error(response.text());
  const { certificate, chain, onDie, aikHost } = forged.parse(response.json());
  const scep = await scepKeys;
  return {
    tpm,
    ekHash: ekHashOf(tpm.endorsementKey.publicKey),
    certificate: Buffer.from(certificate, 'base64'),
    chain: chain.map((der) => Buffer.from(der, 'base64')),
    onDie: onDie.map((der) => Buffer.from(der, 'base64')),
    host: aikHost.toLowerCase(),
    scep,
    protocolCertificate: issueProtocolCertificate(scep, new Date()),
    run: randomUUID(),
  };
}

export const scepUrl = (host: string, query: string): string => `https://${host}/templates/Aik/scep?${query}`;

type Asked = Pick<Machine, 'host'> & Partial<Pick<Machine, 'run'>>;
const runHeader = ({ run }: Asked): Record<string, string> => (run === undefined ? {} : { 'x-greenscreen-run': run });

export const get = (cloud: TestCloud, pc: Asked, operation: string): Promise<TestResponse> =>
  cloud.request(scepUrl(pc.host, `operation=${operation}&message=default`), { headers: runHeader(pc) });

export const post = (cloud: TestCloud, pc: Asked, message: Buffer): Promise<TestResponse> =>
  cloud.request(scepUrl(pc.host, 'operation=PKIOperation'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-pki-message', ...runHeader(pc) },
    body: message,
  });

/** Arms a fault for one PC. */
export async function armFault(cloud: TestCloud, { run }: Machine, rule: object): Promise<void> {
  const answer = await cloud.request(`${CONTROL}/faults`, { body: JSON.stringify({ run, ...rule }) });
  if (answer.status !== 201) throw new Error(answer.text());
}

/** The certificate that requests are encrypted to. */
export async function raEncryption(cloud: TestCloud, pc: Asked): Promise<Buffer> {
  const { certificates } = decodeSignedData((await get(cloud, pc, 'GetCACertChain')).body);
  const found = certificates.find((certificate) => subjectCommonName(certificate) === RA_ENCRYPTION_CERTIFICATE);
  if (!found) throw new Error('no RA Encryption certificate');
  return found.der;
}

export const TRANSACTION = 'ab'.repeat(20);

/** What a test may have otherwise in a request; later layers are built over what it changes. */
export interface RequestChange {
  readonly statement?: (statement: KeyAttestationStatement) => KeyAttestationStatement;
  readonly statementBytes?: (bytes: Buffer) => Buffer;
  readonly ekInfo?: (bytes: Buffer) => Buffer;
  readonly ekCertificates?: readonly Buffer[];
  readonly csr?: (input: AikRequestInput) => AikRequestInput;
  readonly csrBytes?: (bytes: Buffer) => Buffer;
  readonly envelope?: (bytes: Buffer) => Buffer;
  readonly cipher?: ContentCipher;
  readonly certificates?: readonly Buffer[];
  readonly messageType?: string;
  readonly transactionId?: string;
  readonly signer?: { readonly certificate: Buffer; readonly key: KeyPair['privateKey'] };
  readonly aik?: TpmAik;
}

const same = <T>(value: T): T => value;

/** A TPM certifies a creation once; the statement may be sent as often as one likes. */
const statements = new WeakMap<TpmAik, Promise<Pick<Certification, 'attest' | 'signature'>>>();
function statementOf(pc: Machine, aik: TpmAik): Promise<Pick<Certification, 'attest' | 'signature'>> {
  const known = statements.get(aik) ?? pc.tpm.certifyCreation(aik);
  statements.set(aik, known);
  return known;
}

const aiks = new WeakMap<Tpm, Promise<TpmAik>>();
/** The AIK that a PC uses unless a test says otherwise. */
function aikOf({ tpm }: Machine): Promise<TpmAik> {
  const known = aiks.get(tpm) ?? tpm.createAik();
  aiks.set(tpm, known);
  return known;
}

/** Message 19, as Windows builds it. */
export async function requestMessage(cloud: TestCloud, pc: Machine, change: RequestChange = {}): Promise<Buffer> {
  const recipient = await raEncryption(cloud, pc);
  const aik = change.aik ?? (await aikOf(pc));
  const statement = { publicArea: aik.publicArea, creationData: aik.creationData, ...(await statementOf(pc, aik)) };
  const ekInfo = encodeEkInfo({
    spki: spkiOf(pc.tpm.endorsementKey.publicKey),
    certificates: change.ekCertificates ?? [pc.certificate],
  });
  const input: AikRequestInput = {
    spki: spkiOf(aik.publicKey),
    signerHash: scepSignerHash(pc.protocolCertificate),
    statement: (change.statementBytes ?? same)(encodeKeyAttestationStatement((change.statement ?? same)(statement))),
    ekInfo: encodeEnvelopedData((change.ekInfo ?? same)(ekInfo), recipient, change.cipher),
    osVersion: '10.0.26100.2454',
    clientInfo: { clientId: 5, machine: 'LAB-01', user: 'WORKGROUP\\LAB-01$', process: 'taskhostw.exe' },
    subjectAltName: decodeCertificate(pc.certificate).extensions.get(extensionOids.subjectAltName)?.value ?? Buffer.alloc(0),
    subjectKeyId: randomBytes(20),
  };
  const csr = (change.csrBytes ?? same)(encodeAikRequest((change.csr ?? same)(input)));
  return encodePkiMessage({
    messageType: change.messageType ?? '19',
    transactionId: change.transactionId ?? TRANSACTION,
    senderNonce: Buffer.alloc(16, 1),
    envelope: (change.envelope ?? same)(encodeEnvelopedData(csr, recipient, change.cipher)),
    signer: change.signer ?? { certificate: pc.protocolCertificate, key: pc.scep.privateKey },
    certificates: change.certificates ?? [...pc.chain].reverse(),
  });
}

/** A challenge that came back. */
export interface ReceivedChallenge extends ChallengeContent {
  readonly message: PkiMessage;
  readonly plaintext: Buffer;
  readonly cipher: ContentCipher;
}

export function openChallenge(pc: Machine, response: TestResponse): ReceivedChallenge {
  if (response.status !== 200) throw new Error(response.text());
  const message = decodePkiMessage(response.body);
  const { content, cipher } = decryptEnvelopedData(message.envelope, pc.scep.privateKey);
  return { message, plaintext: content, cipher, ...decodeChallengeContent(content) };
}

/** A challenged PC: its AIK, and what the service sent. */
export interface Challenged extends ReceivedChallenge {
  readonly aik: TpmAik;
}

export async function challenge(cloud: TestCloud, pc: Machine, change: RequestChange = {}): Promise<Challenged> {
  const aik = change.aik ?? (await aikOf(pc));
  return { aik, ...openChallenge(pc, await post(cloud, pc, await requestMessage(cloud, pc, { ...change, aik }))) };
}

/** What the TPM makes of a challenge. */
export const activate = (pc: Machine, { aik, challenge: blob }: Challenged): Promise<Buffer> =>
  pc.tpm.activateCredential(aik, decodeAttestationChallenge(blob));

export interface AnswerChange {
  /** What another TPM made of the challenge. */
  readonly activated?: Buffer;
  readonly secret?: (secret: Buffer) => Buffer;
  readonly serverState?: (state: Buffer) => Buffer;
  readonly content?: (content: Buffer) => Buffer;
  readonly signer?: { readonly certificate: Buffer; readonly key: KeyPair['privateKey'] };
  readonly transactionId?: string;
}

/** Message 41. */
export async function answerMessage(cloud: TestCloud, pc: Machine, received: Challenged, change: AnswerChange = {}): Promise<Buffer> {
  const recipient = await raEncryption(cloud, pc);
  const secret = (change.secret ?? same)(change.activated ?? (await activate(pc, received)));
  const content = encodeAnswerContent({
    answer: encodeEnvelopedData(secret, recipient),
    serverState: (change.serverState ?? same)(received.serverState),
  });
  return encodePkiMessage({
    messageType: '41',
    transactionId: change.transactionId ?? TRANSACTION,
    senderNonce: Buffer.alloc(16, 2),
    envelope: encodeEnvelopedData((change.content ?? same)(content), recipient),
    signer: change.signer ?? { certificate: pc.protocolCertificate, key: pc.scep.privateKey },
  });
}

/** Certificates of a successful answer, the AIK's first. */
export function openIssued(pc: Machine, response: TestResponse): { message: PkiMessage; certificates: readonly Certificate[] } {
  if (response.status !== 200) throw new Error(response.text());
  const message = decodePkiMessage(response.body);
  const { content } = decryptEnvelopedData(message.envelope, pc.scep.privateKey);
  return { message, certificates: decodeSignedData(content).certificates };
}

/** The whole dialogue; the AIK certificate. */
export async function enroll(cloud: TestCloud, pc: Machine): Promise<{ aik: TpmAik; certificate: Certificate; issuing: Certificate }> {
  const received = await challenge(cloud, pc);
  const { certificates } = openIssued(pc, await post(cloud, pc, await answerMessage(cloud, pc, received)));
  const [certificate, issuing] = certificates;
  if (!certificate || !issuing) throw new Error('certificates are missing');
  return { aik: received.aik, certificate, issuing };
}

/** Another client's certificate and key. */
export async function stranger(): Promise<{ certificate: Buffer; key: KeyPair['privateKey'] }> {
  const pair = await generateKeyPair('rsa2048');
  return { certificate: issueProtocolCertificate(pair, new Date()), key: pair.privateKey };
}

export const flipped = (bytes: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
};
