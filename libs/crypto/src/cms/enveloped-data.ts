import { constants, createCipheriv, createDecipheriv, type KeyObject, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto';
import {
  asOctets,
  asOid,
  asSequence,
  asSet,
  contextMember,
  type DerNode,
  explicit,
  implicit,
  int,
  nul,
  octets,
  oid,
  seq,
  set,
} from '../der/index.js';
import { rsaDecryptPkcs1 } from '../keys/index.js';
import { decodeCertificate } from '../x509/index.js';
import { CmsError } from './error.js';
import { cmsOids, contentOf, guarded } from './signed-data.js';

/** Content encryption that requests use; answers use the same (reference 03, 2.5). */
export const contentCiphers = {
  'aes-128-cbc': { oid: '2.16.840.1.101.3.4.1.2', key: 16, iv: 16 },
  'aes-192-cbc': { oid: '2.16.840.1.101.3.4.1.22', key: 24, iv: 16 },
  'aes-256-cbc': { oid: '2.16.840.1.101.3.4.1.42', key: 32, iv: 16 },
  'des-ede3-cbc': { oid: '1.2.840.113549.3.7', key: 24, iv: 8 },
} as const;
export type ContentCipher = keyof typeof contentCiphers;

const OAEP = '1.2.840.113549.1.1.7';

/** ContentInfo with EnvelopedData for one RSA recipient: PKCS#1 v1.5 key transport, primitive encryptedContent. */
export function encodeEnvelopedData(content: Buffer, recipient: Buffer, cipher: ContentCipher = 'aes-256-cbc'): Buffer {
  const certificate = decodeCertificate(recipient);
  const { oid: id, key: keyLength, iv: ivLength } = contentCiphers[cipher];
  const key = randomBytes(keyLength);
  const iv = randomBytes(ivLength);
  const encryptor = createCipheriv(cipher, key, iv);
  const encrypted = Buffer.concat([encryptor.update(content), encryptor.final()]);
  const encryptedKey = publicEncrypt({ key: certificate.publicKey, padding: constants.RSA_PKCS1_PADDING }, key);
  return seq(
    oid(cmsOids.envelopedData),
    explicit(
      0,
      seq(
        int(0),
        set(
          seq(int(0), seq(certificate.issuer.raw, int(certificate.serial)), seq(oid(cmsOids.rsaEncryption), nul()), octets(encryptedKey)),
        ),
        seq(oid(cmsOids.data), seq(oid(id), octets(iv)), implicit(0, encrypted)),
      ),
    ),
  );
}

export interface OpenedEnvelope {
  readonly content: Buffer;
  readonly cipher: ContentCipher;
}

/**
 * Opens an EnvelopedData with the recipient's private key: any of the ciphers above, PKCS#1 v1.5 or OAEP with SHA-1 or SHA-256. The first
 * recipient has to be the one. Throws {@link CmsError}.
 */
export function decryptEnvelopedData(der: Buffer, key: KeyObject): OpenedEnvelope {
  return guarded('EnvelopedData', () => {
    const [, recipients, encryptedInfo] = asSequence(contentOf(cmsOids.envelopedData, der));
    const [, , transport, encryptedKey] = asSequence(asSet(recipients)[0]);
    const [, algorithm, content] = asSequence(encryptedInfo);
    const [cipherOid, iv] = asSequence(algorithm);
    const cipher = (Object.keys(contentCiphers) as ContentCipher[]).find((name) => contentCiphers[name].oid === asOid(cipherOid));
    if (!cipher || content?.tagClass !== 2) throw new CmsError('unsupported content encryption');
    const encrypted = content.constructed ? Buffer.concat(content.children.map(asOctets)) : content.content;
    const secret = transported(transport, asOctets(encryptedKey), key);
    const decryptor = createDecipheriv(cipher, secret, asOctets(iv));
    return { cipher, content: Buffer.concat([decryptor.update(encrypted), decryptor.final()]) };
  });
}

function transported(algorithm: DerNode | undefined, encryptedKey: Buffer, key: KeyObject): Buffer {
  const [id, parameters] = asSequence(algorithm);
  if (asOid(id) === cmsOids.rsaEncryption) return rsaDecryptPkcs1(key, encryptedKey);
  if (asOid(id) !== OAEP) throw new CmsError('unsupported key transport');
  const hash = parameters && contextMember(asSequence(parameters), 0)?.children[0];
  const sha256 = hash !== undefined && asOid(asSequence(hash)[0]) === cmsOids.sha256;
  return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: sha256 ? 'sha256' : 'sha1' }, encryptedKey);
}
