import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** A lab's passwords are printed in its banner, so the cost is kept low: sign-in speed matters more here than the price of guessing. */
const COST = { N: 1024, r: 8, p: 1 };
const LENGTH = 32;

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, LENGTH, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });

/** `salt$hash`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('base64url')}$${(await derive(password, salt)).toString('base64url')}`;
}

/** Constant-time comparison with a value of {@link hashPassword}. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [salt, hash] = stored.split('$');
  if (!salt || !hash) return false;
  const expected = Buffer.from(hash, 'base64url');
  return expected.length === LENGTH && timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url')), expected);
}
