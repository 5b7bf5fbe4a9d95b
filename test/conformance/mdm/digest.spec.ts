import { mdm } from '@greenscreen/mdm';
import { MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { DmProgress, DmSession } from '@greenscreen/model/mdm-session';
import {
  type Command,
  type Credentials,
  decodeSyncMessage,
  DIGEST_TYPE,
  digestOf,
  encodeSyncMessage,
  type Status,
  type SyncMessage,
} from '@greenscreen/wire/syncml';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { managedPc } from '../management/support.js';
import {
  MANAGEMENT,
  managedDevice,
  type ManagedTestDevice,
  namesOf,
  packageOne,
  reactions,
  replyOf,
  send,
  statusesOf,
} from './session.support.js';
import { DM_DEVICE_ID } from './support.js';

const cloud = useCloud(mdm);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud(), { 'mdm.digestAuth': true });
});
const em = () => cloud().context.dataSource.manager;

const say = async (
  device: ManagedTestDevice,
  msgId: number,
  commands: readonly Command[],
  credentials?: Credentials,
): Promise<SyncMessage> => {
  const header = { sessionId: '1', msgId: String(msgId), target: MANAGEMENT, source: DM_DEVICE_ID };
  const proof = credentials ? { sourceName: device.id, credentials } : {};
  return replyOf(await send(cloud(), device.certificate, encodeSyncMessage({ header: { ...header, ...proof }, commands, final: true })));
};
const credentials = (data: string): Credentials => ({ type: DIGEST_TYPE, format: 'b64', data });
const challengeOf = (answer: SyncMessage): Status => {
  const [header] = statusesOf(answer);
  if (header?.cmd !== 'SyncHdr') throw new Error('No status of the header');
  return header;
};
const nonceOf = (answer: SyncMessage): string => challengeOf(answer).challenge?.nextNonce ?? '';
const secretsOf = async ({ id }: ManagedTestDevice) => (await em().findOneByOrFail(MdmEnrollment, { id })).secrets;

/** Written down from reference 04, 4.4, without our codec. */
async function proofOf(device: ManagedTestDevice, nonce: string): Promise<Credentials> {
  const { serverSecret } = await secretsOf(device);
  const inner = createHash('md5').update(`${device.id}:${serverSecret}`).digest('base64');
  return credentials(
    createHash('md5')
      .update(Buffer.concat([Buffer.from(`${inner}:`), Buffer.from(nonce, 'base64')]))
      .digest('base64'),
  );
}

describe('Digest authentication', () => {
  it('04 4.4 has the vector of the protocol', () => {
    // OMA DM Security 1.2, 5.3: Bruce2, OhBehave, Nonce.
    const vector = { name: 'Bruce2', secret: 'OhBehave', nonce: Buffer.from('Nonce').toString('base64') };
    expect(digestOf(vector)).toBe('Zz6EivR3yeaaENcRN6lpAQ==');
  });

  it('04 4.4 without credentials it is 407, with wrong ones 401, each with a new nonce and nothing else', async () => {
    const device = await managedDevice(cloud(), lab);
    const first = await say(device, 1, packageOne());
    expect(statusesOf(first).map(({ code }) => code)).toEqual([407, 407, 407, 407]);
    expect(challengeOf(first).challenge).toMatchObject({ format: 'b64', type: DIGEST_TYPE });
    expect(Buffer.from(nonceOf(first), 'base64')).toHaveLength(16);
    expect(namesOf(first)).toEqual([]);
    const wrong = await say(device, 1, packageOne(), await proofOf(device, Buffer.from('another').toString('base64')));
    expect(statusesOf(wrong).map(({ code }) => code)).toEqual([401, 401, 401, 401]);
    expect(nonceOf(wrong)).not.toBe(nonceOf(first));
    expect(
      challengeOf(await say(device, 1, packageOne(), { ...(await proofOf(device, nonceOf(wrong))), type: 'syncml:auth-basic' })).code,
    ).toBe(401);
    // Nothing has begun.
    expect(await em().countBy(DmSession, { enrollmentId: device.id })).toBe(0);
    expect(await em().countBy(DmProgress, { enrollmentId: device.id })).toBe(0);
  });

  it('04 4.4 the right credentials are 212, and the rest of the session needs none', async () => {
    const device = await managedDevice(cloud(), lab);
    const asked = await say(device, 1, packageOne());
    const proof = await proofOf(device, nonceOf(asked));
    const accepted = await say(device, 1, packageOne(), proof);
    expect(statusesOf(accepted).map(({ code }) => code)).toEqual([212, 200, 200, 200]);
    expect(namesOf(accepted).length).toBeGreaterThan(0);
    const next = await say(device, 2, reactions(accepted, {}));
    expect([challengeOf(next).code, namesOf(next).length > 0]).toEqual([200, true]);
    // Used up: the next session takes the nonce that came with the 212.
    expect(challengeOf(await say(device, 1, packageOne(), proof)).code).toBe(401);
    const again = await say(device, 1, packageOne());
    expect(challengeOf(await say(device, 1, packageOne(), await proofOf(device, nonceOf(again)))).code).toBe(212);
  });

  it('04 4.4 the nonce of the provisioning document opens the first session; a client may go on counting', async () => {
    const device = await managedDevice(cloud(), lab);
    const { serverNonce } = await secretsOf(device);
    expect(challengeOf(await say(device, 1, packageOne(), await proofOf(device, serverNonce))).code).toBe(212);
    const other = await managedDevice(cloud(), lab);
    const asked = await say(other, 1, packageOne());
    const accepted = await say(other, 2, packageOne(), await proofOf(other, nonceOf(asked)));
    expect(challengeOf(accepted).code).toBe(212);
    expect(namesOf(await say(other, 3, reactions(accepted, {}))).length).toBeGreaterThan(0);
  });

  it('04 4.4 the simulated device answers a challenge, and keeps the next nonce', async () => {
    const pc = await managedPc(cloud(), lab);
    const codes = (): number[] => pc.answered('omadm').map((body) => statusesOf(decodeSyncMessage(body))[0]?.code ?? 0);
    expect(await pc.management.sync('test')).toBe(true);
    expect(codes().slice(0, 2)).toEqual([407, 212]);
    const before = codes().length;
    expect(await pc.management.sync('test')).toBe(true);
    expect(codes().slice(before, before + 2)).toEqual([407, 212]);
    await em().update(
      MdmEnrollment,
      { id: (await pc.record()).id },
      { secrets: { ...(await pc.record()).secrets, serverSecret: 'changed' } },
    );
    expect(await pc.management.sync('test')).toBe(false);
  });

  it('04 4.4 is off unless a tenant turns it on', async () => {
    const device = await managedDevice(cloud(), await newTenant(cloud()));
    expect(challengeOf(await say(device, 1, packageOne()))).toMatchObject({ code: 200 });
  });
});
