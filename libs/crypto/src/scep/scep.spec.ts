import { describe, expect, it } from '@jest/globals';
import { ScepError } from '@greenscreen/wire/scep';
import { randomBytes } from 'node:crypto';
import { decryptEnvelopedData, encodeEnvelopedData } from '../cms/index.js';
import { generateKeyPair, spkiOf } from '../keys/index.js';
import {
  decodeAikRequest,
  decodeAnswerContent,
  decodeChallengeContent,
  decodeEkInfo,
  decodePkiMessage,
  encodeAikRequest,
  encodeAnswerContent,
  encodeChallengeContent,
  encodeEkInfo,
  encodePkiMessage,
  issueProtocolCertificate,
  scepSignerHash,
} from './index.js';

const keys = await generateKeyPair('rsa2048');
const aik = await generateKeyPair('rsa2048');
const certificate = issueProtocolCertificate(keys, new Date());
const other = issueProtocolCertificate(aik, new Date());
const spki = spkiOf(aik.publicKey);

const message = encodePkiMessage({
  messageType: '19',
  transactionId: 'ab'.repeat(20),
  senderNonce: Buffer.alloc(16, 7),
  envelope: encodeEnvelopedData(Buffer.from('request'), certificate),
  signer: { certificate, key: keys.privateKey },
  certificates: [other],
});

const acceptable = (message: Buffer): boolean => {
  try {
    decodePkiMessage(message);
    return true;
  } catch (error) {
    if (error instanceof ScepError) return false;
    throw error;
  }
};

describe('SCEP messages', () => {
  it('come out as they went in, the signer first', () => {
    const decoded = decodePkiMessage(message);
    expect(decoded).toMatchObject({ messageType: '19', transactionId: 'ab'.repeat(20), senderNonce: Buffer.alloc(16, 7) });
    expect(decoded.signer.der).toEqual(certificate);
    expect(decoded.certificates.map(({ der }) => der)).toEqual([other]);
    expect(decryptEnvelopedData(decoded.envelope, keys.privateKey).content.toString()).toBe('request');
  });

  it('cannot be changed by a bit, but for the certificate, which is known by its hash', () => {
    const bare = encodePkiMessage({
      messageType: '41',
      transactionId: '1',
      senderNonce: Buffer.alloc(16, 7),
      envelope: Buffer.from('content'),
      signer: { certificate, key: keys.privateKey },
    });
    const start = bare.indexOf(certificate) * 8;
    for (let bit = 0; bit < bare.length * 8; bit += 1) {
      if (bit === start) bit += certificate.length * 8;
      const damaged = Buffer.from(bare);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect([bit, acceptable(damaged)]).toEqual([bit, false]);
    }
  });

  it('carry a failure without an envelope', () => {
    const failure = encodePkiMessage({
      messageType: '3',
      transactionId: '1',
      senderNonce: randomBytes(16),
      recipientNonce: Buffer.alloc(16, 7),
      pkiStatus: '2',
      failInfo: '2',
      scepError: '-2146893801',
      serverMessage: 'No.',
      signer: { certificate, key: keys.privateKey },
    });
    const decoded = decodePkiMessage(failure);
    expect(decoded).toMatchObject({ pkiStatus: '2', failInfo: '2', scepError: '-2146893801', serverMessage: 'No.' });
    expect(decoded.envelope).toHaveLength(0);
  });
});

describe('SCEP contents', () => {
  it('hold the AIK request with a digest for a signature', () => {
    const request = {
      spki,
      signerHash: scepSignerHash(certificate),
      statement: Buffer.from('KAST'),
      ekInfo: encodeEnvelopedData(Buffer.from('ek'), certificate),
      osVersion: '10.0.19043.2',
      clientInfo: { clientId: 5, machine: 'LAB-01', user: 'WORKGROUP\\LAB-01$', process: 'taskhostw.exe' },
    };
    const der = encodeAikRequest({ ...request, subjectAltName: Buffer.from('3000', 'hex'), subjectKeyId: Buffer.alloc(20) });
    expect(decodeAikRequest(der)).toMatchObject(request);
    const damaged = Buffer.from(der);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    expect(() => decodeAikRequest(damaged)).toThrow(ScepError);
  });

  it('hold EK_INFO with and without a certificate', () => {
    expect(decodeEkInfo(encodeEkInfo({ spki, certificates: [certificate] }))).toEqual({ spki, certificates: [certificate] });
    expect(decodeEkInfo(encodeEkInfo({ spki, certificates: [] }))).toEqual({ spki, certificates: [] });
    expect(() => decodeEkInfo(Buffer.concat([spki, spki]))).toThrow(ScepError);
  });

  it('return the server’s state byte for byte', () => {
    const state = encodeEnvelopedData(Buffer.from('id'), certificate);
    const content = encodeChallengeContent({ challenge: Buffer.from('TACH'), serverState: state });
    expect(content[0]).toBe(0x31);
    const received = decodeChallengeContent(content);
    expect(received.challenge.toString()).toBe('TACH');
    const answer = encodeEnvelopedData(Buffer.alloc(32, 1), certificate);
    expect(decodeAnswerContent(encodeAnswerContent({ answer, serverState: received.serverState }))).toEqual({ answer, serverState: state });
  });
});
