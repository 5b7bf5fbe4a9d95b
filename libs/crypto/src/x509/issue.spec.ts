import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair } from '../keys/index.js';
import {
  authorityKeyIdentifier,
  basicConstraints,
  ChainError,
  commonName,
  decodeCertificate,
  dnsNames,
  ekuOids,
  extendedKeyUsage,
  issueCertificate,
  keyIdentifiers,
  keyUsage,
  permittedDnsSubtrees,
  subjectCommonName,
  subjectKeyIdentifier,
  toPem,
  verifyChain,
} from './index.js';

const now = new Date();
const day = 86_400_000;

async function hierarchy(permitted: string) {
  const [root, leaf] = await Promise.all([generateKeyPair('ec-p256'), generateKeyPair('rsa2048')]);
  const rootDer = issueCertificate({
    issuer: commonName('Mock Root'),
    subject: commonName('Mock Root'),
    notBefore: now,
    notAfter: new Date(now.getTime() + 10 * day),
    publicKey: root.publicKey,
    signingKey: root.privateKey,
    extensions: [
      basicConstraints(true, 0),
      keyUsage(['keyCertSign', 'cRLSign']),
      subjectKeyIdentifier(root.publicKey),
      permittedDnsSubtrees([permitted]),
    ],
  });
  const leafDer = issueCertificate({
    issuer: commonName('Mock Root'),
    subject: commonName('leaf'),
    notBefore: now,
    notAfter: new Date(now.getTime() + day),
    publicKey: leaf.publicKey,
    signingKey: root.privateKey,
    extensions: [
      basicConstraints(false),
      keyUsage(['digitalSignature']),
      extendedKeyUsage([ekuOids.serverAuth]),
      dnsNames(['login.example.test']),
      authorityKeyIdentifier(root.publicKey),
    ],
  });
  return { rootDer, leafDer };
}

function opensslVerify(rootDer: Buffer, leafDer: Buffer): { status: number | null; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'greenscreen-x509-'));
  writeFileSync(join(folder, 'root.pem'), toPem(rootDer));
  writeFileSync(join(folder, 'leaf.pem'), toPem(leafDer));
  const { status, stdout, stderr } = spawnSync('openssl', [
    'verify',
    '-x509_strict',
    '-CAfile',
    join(folder, 'root.pem'),
    join(folder, 'leaf.pem'),
  ]);
  return { status, said: `${stdout.toString()}${stderr.toString()}` };
}

describe('issued certificates', () => {
  it('verify with openssl, name constraints included', async () => {
    const inside = await hierarchy('example.test');
    expect(opensslVerify(inside.rootDer, inside.leafDer)).toEqual({ status: 0, said: expect.stringContaining('OK') });
    const outside = await hierarchy('example.org');
    expect(opensslVerify(outside.rootDer, outside.leafDer)).toEqual({
      status: 2,
      said: expect.stringContaining('permitted subtree violation'),
    });
  });

  it('decode to what was put in', async () => {
    const { rootDer, leafDer } = await hierarchy('example.test');
    const leaf = decodeCertificate(Buffer.concat([leafDer, Buffer.alloc(7)]));
    expect(leaf.der.equals(leafDer)).toBe(true);
    expect(subjectCommonName(leaf)).toBe('leaf');
    expect(keyIdentifiers(leaf).authority).toBe(keyIdentifiers(decodeCertificate(rootDer)).subject);
    expect(new X509Certificate(leafDer).subjectAltName).toBe('DNS:login.example.test');
  });

  it('chain to their root, inside their validity only', async () => {
    const { rootDer, leafDer } = await hierarchy('example.test');
    const input = { leaf: decodeCertificate(leafDer), intermediates: [], roots: [decodeCertificate(rootDer)] };
    expect(verifyChain({ ...input, at: new Date(now.getTime() + 1000) })).toHaveLength(2);
    expect(() => verifyChain({ ...input, at: new Date(now.getTime() + 2 * day) })).toThrow(new ChainError('expired'));
    const other = await hierarchy('example.test');
    expect(() => verifyChain({ ...input, roots: [decodeCertificate(other.rootDer)], at: now })).toThrow(ChainError);
  });
});
