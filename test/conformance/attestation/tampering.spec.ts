import { describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { AikCertificate, AikRequest } from '@greenscreen/model/attestation';
import fc from 'fast-check';
import { useCloud } from '../../support/cloud.js';
import { answerMessage, challenge, flipped, manufacture, openIssued, post, requestMessage, type RequestChange } from './support.js';

const cloud = useCloud(attestation, control);
const em = () => cloud().context.dataSource.manager;

/** Changes of one bit in all, over the properties below. */
const RUNS = { request: 4_000, layer: 500, answer: 4_000, secret: 10, state: 500 };

/** Refused as a client's mistake: neither taken nor stumbled over. */
const expectRefusal = (bit: number, status: number): void =>
  expect({ bit, refused: status >= 400 && status < 500, status }).toEqual({ bit, refused: true, status });

/** A bit somewhere in so many bytes. */
const bitOf = (bytes: Buffer) => fc.integer({ min: 0, max: bytes.length * 8 - 1 });

describe('one bit changed', () => {
  it('anywhere in the request: no challenge', async () => {
    const pc = await manufacture(cloud());
    const message = await requestMessage(cloud(), pc, { certificates: [] });
    expect((await post(cloud(), pc, message)).status).toBe(200);
    const challenges = await em().countBy(AikRequest, { ekHash: pc.ekHash });
    await fc.assert(
      fc.asyncProperty(bitOf(message), async (bit) => {
        const response = await post(cloud(), pc, flipped(message, bit));
        expectRefusal(bit, response.status);
      }),
      { numRuns: RUNS.request },
    );
    expect(await em().countBy(AikRequest, { ekHash: pc.ekHash })).toBe(challenges);
  }, 240_000);

  const layers: [string, (bit: number) => RequestChange, size: number][] = [
    ['the attestation statement', (bit) => ({ statementBytes: (bytes) => flipped(bytes, bit % (bytes.length * 8)) }), 800 * 8],
    ['EK_INFO', (bit) => ({ ekInfo: (bytes) => flipped(bytes, bit % (bytes.length * 8)) }), 1200 * 8],
    ['the request inside', (bit) => ({ csrBytes: (bytes) => flipped(bytes, bit % (bytes.length * 8)) }), 3000 * 8],
  ];
  it.each(layers)(
    'in %s, signed and encrypted anew: no challenge',
    async (_what, change, size) => {
      const pc = await manufacture(cloud());
      const control = await post(cloud(), pc, await requestMessage(cloud(), pc, { certificates: [] }));
      expect(control.status).toBe(200);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: size - 1 }), async (bit) => {
          const message = await requestMessage(cloud(), pc, { certificates: [], ...change(bit) });
          const response = await post(cloud(), pc, message);
          expectRefusal(bit, response.status);
        }),
        { numRuns: RUNS.layer },
      );
    },
    240_000,
  );

  it('anywhere in the answer: no certificate', async () => {
    const pc = await manufacture(cloud());
    const received = await challenge(cloud(), pc);
    const message = await answerMessage(cloud(), pc, received);
    await fc.assert(
      fc.asyncProperty(bitOf(message), async (bit) => {
        const response = await post(cloud(), pc, flipped(message, bit));
        expectRefusal(bit, response.status);
      }),
      { numRuns: RUNS.answer },
    );
    expect(await em().countBy(AikCertificate, { ekHash: pc.ekHash })).toBe(0);
    openIssued(pc, await post(cloud(), pc, message));
  }, 240_000);

  it('in the secret or in the state, encrypted and signed anew: no certificate', async () => {
    const pc = await manufacture(cloud());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 255 }), async (bit) => {
        const received = await challenge(cloud(), pc);
        const message = await answerMessage(cloud(), pc, received, { secret: (secret) => flipped(secret, bit) });
        expect((await post(cloud(), pc, message)).status).toBe(400);
      }),
      { numRuns: RUNS.secret },
    );
    const received = await challenge(cloud(), pc);
    await fc.assert(
      fc.asyncProperty(bitOf(received.serverState), async (bit) => {
        const message = await answerMessage(cloud(), pc, received, { serverState: (state) => flipped(state, bit) });
        expectRefusal(bit, (await post(cloud(), pc, message)).status);
      }),
      { numRuns: RUNS.state },
    );
    expect(await em().countBy(AikCertificate, { ekHash: pc.ekHash })).toBe(0);
  }, 240_000);
});
