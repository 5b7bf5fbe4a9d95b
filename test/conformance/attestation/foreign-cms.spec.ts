import { describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { decodeSignedData } from '@greenscreen/crypto/cms';
import { decodePkiMessage, encodePkiMessage } from '@greenscreen/crypto/scep';
import { toPem } from '@greenscreen/crypto/x509';
import forge from 'node-forge';
import { useCloud } from '../../support/cloud.js';
import { useFolder } from '../../support/folder.js';
import { opensslBytes } from '../../support/openssl.js';
import { get, type Machine, manufacture, openChallenge, post, raEncryption, requestMessage, TRANSACTION, UNPARSABLE } from './support.js';

const cloud = useCloud(attestation, control);
const file = useFolder();

/** The request inside, in an envelope of somebody else's making. */
async function requestIn(pc: Machine, seal: (csr: Buffer, recipient: Buffer) => Promise<Buffer> | Buffer): Promise<Buffer> {
  let csr = Buffer.alloc(0);
  const recipient = await raEncryption(cloud(), pc);
  await requestMessage(cloud(), pc, { csrBytes: (bytes) => (csr = Buffer.from(bytes)) });
  const envelope = await seal(csr, recipient);
  return requestMessage(cloud(), pc, { csrBytes: () => csr, envelope: () => envelope });
}

const sealWithOpenssl =
  (...options: string[]) =>
  async (csr: Buffer, recipient: Buffer): Promise<Buffer> => {
    const certificate = await file('ra.pem', toPem(recipient));
    return opensslBytes(['cms', '-encrypt', '-binary', '-outform', 'DER', ...options, '-recip', certificate], csr);
  };

describe('messages of other CMS programs', () => {
  it.each([
    ['AES-128', 'aes-128-cbc', ['-aes128']],
    ['AES-192', 'aes-192-cbc', ['-aes192']],
    ['AES-256', 'aes-256-cbc', ['-aes256']],
    ['3DES', 'des-ede3-cbc', ['-des3']],
    ['indefinite lengths', 'aes-256-cbc', ['-aes256', '-stream']],
  ] as const)('03-19 openssl’s envelope is opened: %s', async (_what, cipher, options) => {
    const pc = await manufacture(cloud());
    const response = await post(cloud(), pc, await requestIn(pc, sealWithOpenssl(...options)));
    expect(openChallenge(pc, response).cipher).toBe(cipher);
  });

  it.each(['sha1', 'sha256'])('03-19 the key may be transported by OAEP: %s', async (digest) => {
    const pc = await manufacture(cloud());
    const seal = async (csr: Buffer, recipient: Buffer): Promise<Buffer> => {
      const certificate = await file('oaep.pem', toPem(recipient));
      const oaep = ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', `rsa_oaep_md:${digest}`];
      return opensslBytes(['cms', '-encrypt', '-binary', '-outform', 'DER', '-aes256', '-recip', certificate, ...oaep], csr);
    };
    expect((await post(cloud(), pc, await requestIn(pc, seal))).status).toBe(200);
  });

  it('03-19 encrypted content in pieces is opened, as node-forge writes it', async () => {
    const pc = await manufacture(cloud());
    const seal = (csr: Buffer, recipient: Buffer): Buffer => {
      const enveloped = forge.pkcs7.createEnvelopedData();
      enveloped.addRecipient(forge.pki.certificateFromPem(toPem(recipient)));
      enveloped.content = forge.util.createBuffer(csr.toString('binary'));
      enveloped.encrypt();
      return Buffer.from(forge.asn1.toDer(enveloped.toAsn1()).getBytes(), 'binary');
    };
    const response = await post(cloud(), pc, await requestIn(pc, seal));
    expect(openChallenge(pc, response).message.pkiStatus).toBe('11');
  });

  it('answers are verified and opened by openssl', async () => {
    const pc = await manufacture(cloud());
    const response = await post(cloud(), pc, await requestMessage(cloud(), pc));
    const { certificates } = decodeSignedData((await get(cloud(), pc, 'GetCACertChain')).body);
    const [root, issuing] = certificates.map(({ der }) => toPem(der));
    const trusted = await file('trusted.pem', `${root}${issuing}`);
    const answer = await file('answer.der', response.body);
    const envelope = await opensslBytes([
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      answer,
      '-CAfile',
      trusted,
      '-purpose',
      'any',
    ]);
    const key = await file('scep.key', pc.scep.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const certificate = await file('scep.pem', toPem(pc.protocolCertificate));
    const plaintext = await opensslBytes(['cms', '-decrypt', '-binary', '-inform', 'DER', '-recip', certificate, '-inkey', key], envelope);
    expect(plaintext[0]).toBe(0x31);
    expect(plaintext).toEqual(openChallenge(pc, response).plaintext);
  });
});

describe('standard SCEP clients', () => {
  const send = (pc: Machine, messageType: string): Promise<Awaited<ReturnType<typeof post>>> =>
    post(
      cloud(),
      pc,
      encodePkiMessage({
        messageType,
        transactionId: TRANSACTION,
        senderNonce: Buffer.alloc(16, 1),
        signer: { certificate: pc.protocolCertificate, key: pc.scep.privateKey },
      }),
    );

  it.each(['17', '20', '21', '22'])('message type %s is refused by a signed answer that openssl verifies', async (messageType) => {
    const pc = await manufacture(cloud());
    const response = await send(pc, messageType);
    expect([response.status, response.headers['content-type']]).toEqual([200, 'application/x-pki-message']);
    expect(decodePkiMessage(response.body)).toMatchObject({
      messageType: '3',
      pkiStatus: '2',
      failInfo: '2',
      transactionId: TRANSACTION,
      recipientNonce: Buffer.alloc(16, 1),
    });
    await opensslBytes(['cms', '-verify', '-binary', '-noverify', '-inform', 'DER'], response.body);
  });

  it('a request whose key signed it, as everywhere else, is none here', async () => {
    const pc = await manufacture(cloud());
    const key = await file('client.key', pc.scep.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const request = await opensslBytes(['req', '-new', '-key', key, '-subj', '/CN=client', '-outform', 'DER']);
    const response = await post(cloud(), pc, await requestMessage(cloud(), pc, { csrBytes: () => request }));
    expect([response.status, response.json()]).toEqual([400, { Message: UNPARSABLE }]);
    expect((await post(cloud(), pc, await requestMessage(cloud(), pc))).status).toBe(200);
  });
});
