import { createHash } from 'node:crypto';

/** Type of digest credentials and of a challenge for them (OMA DM Security 1.2, 5.3; reference 04, 4.4). */
export const DIGEST_TYPE = 'syncml:auth-md5';

/** What a side of a DM account proves itself with. */
export interface DigestSecret {
  readonly name: string;
  readonly secret: string;
  /** base64; its bytes go into the digest. */
  readonly nonce: string;
}

const md5 = (...parts: readonly (string | Buffer)[]): string => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest('base64');
};

/** `b64(MD5(b64(MD5(name:secret)):nonce))`, as the protocol has it: MD5 is not ours to choose. */
export const digestOf = ({ name, secret, nonce }: DigestSecret): string =>
  md5(`${md5(`${name}:${secret}`)}:`, Buffer.from(nonce, 'base64'));
