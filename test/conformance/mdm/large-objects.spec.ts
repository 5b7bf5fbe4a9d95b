import { mdm } from '@greenscreen/mdm';
import { dmBatch, DmCommand, DmNode, DmSession, queueCommands } from '@greenscreen/model/mdm-session';
import {
  alertCode,
  type Command,
  encodeSyncMessage,
  type Item,
  type Status,
  type SyncMessage,
  type TreeCommand,
} from '@greenscreen/wire/syncml';
import { beforeAll, describe, expect, it } from '@jest/globals';
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
  worksOf,
} from './session.support.js';
import { DM_DEVICE_ID } from './support.js';

const cloud = useCloud(mdm);
let lab: TestTenant;
let plain: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud(), { 'mdm.largeObjects': true });
  plain = await newTenant(cloud());
});
const em = () => cloud().context.dataSource.manager;
const BIG = './Device/Vendor/MSFT/Big';
const CSP = './Device/Vendor/MSFT/DeviceManageability/Capabilities/CSPVersions';
/** With characters of one to four bytes, and some that grow on the wire. */
const value = 'a<&é€😀'.repeat(9000);

const say = async (
  { certificate }: ManagedTestDevice,
  msgId: number,
  commands: readonly Command[],
  maxMsgSize?: number,
): Promise<SyncMessage> => {
  const header = {
    sessionId: '1',
    msgId: String(msgId),
    target: MANAGEMENT,
    source: DM_DEVICE_ID,
    ...(maxMsgSize === undefined ? {} : { maxMsgSize }),
  };
  return replyOf(await send(cloud(), certificate, encodeSyncMessage({ header, commands, final: true })));
};
const order = (device: ManagedTestDevice, tenant: TestTenant, data: string) =>
  queueCommands(
    em(),
    { enrollmentId: device.id, tenantId: tenant.tenant.id, at: new Date() },
    { verb: 'Replace', uri: BIG, format: 'chr', data, purpose: 'custom', batch: dmBatch.unenroll },
  );
const itemOf = (command: TreeCommand | undefined): Item => command?.items[0] ?? {};
const took = ({ header }: SyncMessage, command: TreeCommand, code: number): Command[] =>
  [
    { cmdRef: '0', cmd: 'SyncHdr', code: 200 },
    { cmdRef: command.cmdId, cmd: command.verb, code },
  ].map((status, index): Status => ({
    verb: 'Status',
    cmdId: String(index + 1),
    msgRef: header.msgId,
    targetRefs: [],
    sourceRefs: [],
    items: [],
    ...status,
  }));
const results = (answer: SyncMessage, cmdRef: string, item: Item): Command[] => [
  ...took(answer, { verb: 'Get', cmdId: cmdRef, items: [] }, 200),
  { verb: 'Results', cmdId: '3', msgRef: answer.header.msgId, cmdRef, items: [item] },
];

describe('Large objects: what the server sends', () => {
  it('04 4.2 goes in pieces of what fits, each alone, the first with the size of the whole', async () => {
    const device = await managedDevice(cloud(), lab);
    await order(device, lab, value);
    let answer = await say(device, 1, packageOne(), 16_384);
    const pieces: Item[] = [];
    for (let msgId = 2; namesOf(answer)[0] === `Replace ${BIG}`; msgId += 1) {
      const [command, ...others] = worksOf(answer);
      if (!command) throw new Error('nothing');
      expect(others).toEqual([]);
      expect(encodeSyncMessage(answer).length).toBeLessThanOrEqual(16_384);
      const item = itemOf(command);
      pieces.push(item);
      answer = await say(device, msgId, took(answer, command, item.moreData ? 213 : 200));
    }
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.map(({ data }) => data).join('')).toBe(value);
    expect(pieces.map(({ moreData = false }) => moreData)).toEqual([...pieces.slice(1).map(() => true), false]);
    expect(pieces.map(({ meta }) => meta?.size)).toEqual([Buffer.byteLength(value), ...pieces.slice(1).map(() => undefined)]);
    expect(pieces.every(({ data = '' }) => !/^[\udc00-\udfff]/.test(data))).toBe(true);
    // The others go on as ever, and it counts as one delivery.
    expect(namesOf(answer).length).toBeGreaterThan(1);
    expect(await em().findOneByOrFail(DmCommand, { enrollmentId: device.id, uri: BIG })).toMatchObject({
      state: 'done',
      status: 200,
      deliveries: 1,
    });
  });

  it('04 4.2 begins anew in the next session; any other status than 213 ends it', async () => {
    const device = await managedDevice(cloud(), lab);
    await order(device, lab, value);
    const first = await say(device, 1, packageOne(), 16_384);
    const second = await say(device, 2, took(first, worksOf(first)[0]!, 213));
    expect(itemOf(worksOf(second)[0]).data).not.toBe(itemOf(worksOf(first)[0]).data);
    const again = await say(device, 1, packageOne(), 16_384);
    expect(itemOf(worksOf(again)[0])).toEqual(itemOf(worksOf(first)[0]));
    const next = await say(device, 2, took(again, worksOf(again)[0]!, 413));
    expect(namesOf(next)).not.toContain(`Replace ${BIG}`);
    expect(await em().findOneByOrFail(DmCommand, { enrollmentId: device.id, uri: BIG })).toMatchObject({ state: 'done', status: 413 });
  });

  it('04 4.2 where it is off, a command that never fits goes whole', async () => {
    const device = await managedDevice(cloud(), plain);
    await order(device, plain, value);
    expect(itemOf(worksOf(await say(device, 1, packageOne(), 16_384))[0])).toMatchObject({ data: value });
  });

  it('04 4.2 the simulated device puts the pieces together', async () => {
    const pc = await managedPc(cloud(), lab);
    const long = 'x'.repeat(200_000);
    await pc.queue({ verb: 'Replace', uri: BIG, format: 'chr', data: long, purpose: 'custom', batch: dmBatch.custom });
    expect(await pc.management.sync('test')).toBe(true);
    expect(pc.management.tree.read(BIG)).toBe(long);
    expect(pc.sent('omadm').filter(({ body }) => body.includes('<Data>213</Data>')).length).toBeGreaterThan(3);
  });
});

describe('Large objects: what the device sends', () => {
  /** A session whose first answer asks for SwV; its result comes in pieces. */
  async function asked(tenant = lab) {
    const device = await managedDevice(cloud(), tenant);
    const answer = await say(device, 1, packageOne());
    const get = worksOf(answer).find(({ verb }) => verb === 'Get');
    return { device, answer, cmdRef: get?.cmdId ?? '' };
  }
  const nodeOf = async ({ id }: ManagedTestDevice): Promise<string | null | undefined> =>
    (await em().findOneBy(DmNode, { enrollmentId: id, uri: CSP }))?.value;
  const alertsOf = ({ commands }: SyncMessage): number[] => commands.flatMap((command) => (command.verb === 'Alert' ? [command.code] : []));

  it('04 4.2 each piece is answered with 213 and a request for the next, the last one with 200', async () => {
    const { device, answer, cmdRef } = await asked();
    const piece = (data: string, moreData: boolean, size?: number): Item => ({
      source: CSP,
      data,
      ...(size === undefined ? {} : { meta: { format: 'xml', size } }),
      ...(moreData ? { moreData } : {}),
    });
    const one = await say(device, 2, results(answer, cmdRef, piece('<CSP>', true, 12)));
    expect(statusesOf(one).map(({ cmd, cmdRef: ref, code }) => [cmd, ref, code])).toEqual([
      ['SyncHdr', '0', 200],
      ['Results', '3', 213],
    ]);
    expect([alertsOf(one), namesOf(one)]).toEqual([[alertCode.nextMessage], []]);
    expect(await nodeOf(device)).toBeUndefined();
    const two = await say(device, 3, results(one, cmdRef, piece('é</', true)));
    expect([alertsOf(two), namesOf(two)]).toEqual([[alertCode.nextMessage], []]);
    const three = await say(device, 4, results(two, cmdRef, piece('P>', false)));
    expect(statusesOf(three).map(({ code }) => code)).toEqual([200, 424]);
    expect(await nodeOf(device)).toBeUndefined();
    expect(namesOf(three).length).toBeGreaterThan(0);
  });

  it('04 4.2 the value is what all pieces make, with the format of the first', async () => {
    const { device, answer, cmdRef } = await asked();
    const one = await say(
      device,
      2,
      results(answer, cmdRef, { source: CSP, data: '<é', meta: { format: 'xml', size: 4 }, moreData: true }),
    );
    expect(await em().findOneByOrFail(DmSession, { enrollmentId: device.id })).toMatchObject({ endedAt: null, partial: { data: '<é' } });
    const two = await say(device, 3, results(one, cmdRef, { source: CSP, data: '>' }));
    expect(statusesOf(two).map(({ code }) => code)).toEqual([200, 200]);
    expect(await em().findOneByOrFail(DmNode, { enrollmentId: device.id, uri: CSP })).toMatchObject({ value: '<é>', format: 'xml' });
    expect(namesOf(two).length).toBeGreaterThan(0);
  });

  it('04 4.2 a value whose rest does not come is dropped, and the device is told', async () => {
    const { device, answer, cmdRef } = await asked();
    const one = await say(device, 2, results(answer, cmdRef, { source: CSP, data: 'a', moreData: true }));
    const two = await say(device, 3, reactions(one, {}));
    expect(alertsOf(two)).toEqual([alertCode.noEndOfData]);
    expect([await nodeOf(device), namesOf(two).length > 0]).toEqual([undefined, true]);
  });

  it('04 4.2 nothing is put together without bound', async () => {
    const { device, answer, cmdRef } = await asked();
    const chunk = 'x'.repeat(900_000);
    let last = answer;
    const codes: number[] = [];
    for (let msgId = 2; msgId < 8; msgId += 1) {
      last = await say(device, msgId, results(last, cmdRef, { source: CSP, data: chunk, moreData: true }));
      codes.push(statusesOf(last)[1]?.code ?? 0);
    }
    expect(codes).toEqual([213, 213, 213, 213, 413, 213]);
  });

  it('04 4.2 where it is off, a piece is a value like any other', async () => {
    const { device, answer, cmdRef } = await asked(plain);
    const next = await say(device, 2, results(answer, cmdRef, { source: CSP, data: 'a', moreData: true }));
    expect([await nodeOf(device), alertsOf(next), statusesOf(next).length]).toEqual(['a', [], 1]);
  });
});
