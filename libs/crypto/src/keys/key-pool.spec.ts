import { afterEach, describe, expect, it } from '@jest/globals';
import { KeyPool } from './key-pool.js';

describe('KeyPool', () => {
  let pool = new KeyPool({});
  afterEach(() => pool.close());

  it('never gives a key twice, however many ask at once', async () => {
    pool = new KeyPool({ 'ec-p256': 2 });
    await pool.fill();
    const pairs = await Promise.all(Array.from({ length: 9 }, () => pool.take('ec-p256')));
    const spkis = pairs.map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'der' }).toString('hex'));
    expect(new Set(spkis).size).toBe(9);
  });

  /** Whether a key was ready: making an RSA key takes far longer than the event loop's next turn. */
  const wasReady = (): Promise<boolean> =>
    Promise.race([pool.take('rsa2048').then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);

  it('is full after fill, whatever it was left with, and no fuller', async () => {
    pool = new KeyPool({ rsa2048: 2 });
    await pool.fill();
    expect(await wasReady()).toBe(true);
    await pool.fill();
    expect([await wasReady(), await wasReady(), await wasReady()]).toEqual([true, true, false]);
  });

  it('still serves those who ask when it is closed', async () => {
    pool = new KeyPool({ 'ec-p256': 1 });
    const asked = pool.take('ec-p256');
    pool.close();
    expect((await asked).privateKey.type).toBe('private');
    expect((await pool.take('ec-p384')).privateKey.asymmetricKeyDetails?.namedCurve).toBe('secp384r1');
  });
});
