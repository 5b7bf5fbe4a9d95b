import { CLIENT_CERTIFICATE_HEADER, GATEWAY_HEADER } from '@greenscreen/host/client-certificate';
import { mdm } from '@greenscreen/mdm';
import { dmBatch, DmCommand, DmSession, queueCommands } from '@greenscreen/model/mdm-session';
import { type Command, decodeSyncMessage, encodeSyncMessage, SYNCML_TYPE, type SyncMessage } from '@greenscreen/wire/syncml';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Like } from 'typeorm';
import { Agent, request } from 'undici';
import {
  MANAGEMENT,
  managedDevice,
  type ManagedTestDevice,
  namesOf,
  packageOne,
  reactions,
  send,
} from '../conformance/mdm/session.support.js';
import { DM_DEVICE_ID } from '../conformance/mdm/support.js';
import { ServiceProcess } from '../flow/service-process.js';
import { useCloud } from '../support/cloud.js';
import { sharedDatabase } from '../support/database.js';
import { newTenant, type TestTenant } from '../support/tenant.js';

const DEVICES = 32;
const MESSAGES = 20;
/** Bytes of a message that a device takes: what is queued for it needs so many of them. */
const MESSAGE_SIZE = 6000;
const COMMANDS = 40;
const node = (index: number): string => `./Device/Vendor/MSFT/Lab/Node${index}`;

const cloud = useCloud(mdm);
const em = () => cloud().context.dataSource.manager;
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

/** Enrolled, with commands of an administrator in the queue. */
async function busyDevices(): Promise<ManagedTestDevice[]> {
  const devices: ManagedTestDevice[] = [];
  for (let count = 0; count < DEVICES; count += 1) {
    const device = await managedDevice(cloud(), lab);
    const commands = Array.from({ length: COMMANDS }, (_, index) => ({
      verb: 'Replace' as const,
      uri: node(index),
      format: 'chr',
      data: `${index} `.padEnd(1500, 'x'),
      purpose: 'custom' as const,
      batch: dmBatch.custom,
    }));
    await queueCommands(em(), { enrollmentId: device.id, tenantId: lab.tenant.id, at: new Date() }, ...commands);
    devices.push(device);
  }
  return devices;
}

/** Sends a message and brings its answer, whatever it takes. */
type Deliver = (device: ManagedTestDevice, body: Buffer) => Promise<SyncMessage>;

interface CheckIn {
  readonly messages: number;
  /** Nodes of the administrator's commands, in the order in which the device carried them out. */
  readonly executed: readonly string[];
}

/** One session, to its end. */
async function checkIn(device: ManagedTestDevice, deliver: Deliver): Promise<CheckIn> {
  const executed: string[] = [];
  const exchange = async (msgId: number, commands: readonly Command[]): Promise<SyncMessage> => {
    const header = { sessionId: '1', msgId: String(msgId), target: MANAGEMENT, source: DM_DEVICE_ID, maxMsgSize: MESSAGE_SIZE };
    const answer = await deliver(device, encodeSyncMessage({ header, commands, final: true }));
    executed.push(...namesOf(answer).filter((name) => name.includes('/Lab/')));
    return answer;
  };
  let answer = await exchange(1, packageOne());
  let messages = 1;
  while (namesOf(answer).length > 0) {
    messages += 1;
    answer = await exchange(messages, reactions(answer, {}));
  }
  return { messages, executed };
}

const everything = Array.from({ length: COMMANDS }, (_, index) => `Replace ${node(index)}`);

async function expectNothingLostOrDoubled(devices: readonly ManagedTestDevice[], checkIns: readonly CheckIn[]): Promise<void> {
  for (const [index, { messages, executed }] of checkIns.entries()) {
    expect(messages).toBeGreaterThanOrEqual(MESSAGES);
    expect(executed).toEqual(everything);
    const rows = await em().find(DmCommand, { where: { enrollmentId: devices[index]!.id, uri: Like('%/Lab/%') }, order: { id: 'ASC' } });
    expect(rows.map(({ uri, state, status }) => [`Replace ${uri}`, state, status])).toEqual(everything.map((name) => [name, 'done', 200]));
  }
}

describe(`${DEVICES} devices check in at once, ${MESSAGES} messages each and more`, () => {
  it('04 4.2 each gets its commands once, in their order', async () => {
    const devices = await busyDevices();
    const deliver: Deliver = async ({ certificate }, body) => decodeSyncMessage((await send(cloud(), certificate, body)).body);
    const checkIns = await Promise.all(devices.map((device) => checkIn(device, deliver)));
    await expectNothingLostOrDoubled(devices, checkIns);
    for (const [index, { messages }] of checkIns.entries()) {
      const [session, ...others] = await em().findBy(DmSession, { enrollmentId: devices[index]!.id });
      expect([session?.messages, others]).toEqual([messages, []]);
    }
    expect(await em().countBy(DmCommand, { tenantId: lab.tenant.id, uri: Like('%/Lab/%'), deliveries: 1 })).toBe(DEVICES * COMMANDS);
  }, 120_000);

  describe('with a service that is killed and started again', () => {
    let service: ServiceProcess;
    const agent = new Agent({ connections: DEVICES });
    beforeAll(async () => {
      service = new ServiceProcess('mdm', await sharedDatabase());
      await service.start();
    }, 60_000);
    afterAll(async () => {
      await agent.close();
      await service.kill();
    });

    it('04 4.2 nothing is lost and nothing comes twice: a message without an answer is sent once more', async () => {
      const devices = await busyDevices();
      let served = 0;
      let broken = 0;
      let up: Promise<void> = Promise.resolve();
      const strikes = [60, 250, 500];
      const deliver: Deliver = async (device, body) => {
        for (;;) {
          await up;
          try {
            const answer = await post(device, body);
            served += 1;
            if (strikes.length > 0 && served >= strikes[0]!) {
              strikes.shift();
              up = service.kill().then(() => service.start());
            }
            return answer;
          } catch (error) {
            // Only a broken connection has a code; the class is of another realm here.
            if (typeof error !== 'object' || error === null || !('code' in error)) throw error;
            broken += 1;
          }
        }
      };
      const post = async ({ certificate }: ManagedTestDevice, body: Buffer): Promise<SyncMessage> => {
        const { host, pathname } = new URL(MANAGEMENT);
        const response = await request(service.url + pathname, {
          dispatcher: agent,
          method: 'POST',
          headers: {
            host,
            'content-type': SYNCML_TYPE,
            [CLIENT_CERTIFICATE_HEADER]: certificate.toString('base64'),
            [GATEWAY_HEADER]: cloud().context.gatewaySecret.toString('base64url'),
          },
          body,
        });
        const answer = Buffer.from(await response.body.arrayBuffer());
        if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${answer.toString()}`);
        return decodeSyncMessage(answer);
      };
      const checkIns = await Promise.all(devices.map((device) => checkIn(device, deliver)));
      expect([strikes, broken > 0]).toEqual([[], true]);
      await expectNothingLostOrDoubled(devices, checkIns);
    }, 180_000);
  });
});
