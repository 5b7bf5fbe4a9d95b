import { beforeAll, describe, expect, it } from '@jest/globals';
import { mdm } from '@greenscreen/mdm';
import { alertType, type Command, encodeSyncMessage } from '@greenscreen/wire/syncml';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  AGENT,
  agentUp,
  alert,
  green,
  MANAGEMENT,
  managedDevice,
  type ManagedTestDevice,
  packageOne,
  reactions,
  replyOf,
  send,
  type SessionOptions,
} from './session.support.js';
import { DM_DEVICE_ID } from './support.js';

const cloud = useCloud(mdm);
let lab: TestTenant;
let device: ManagedTestDevice;
beforeAll(async () => {
  lab = await newTenant(cloud());
  device = await managedDevice(cloud(), lab);
});

/** Reference 04, section 7, as 06 D-B38 to D-B44 have it: one answer a line. */
const golden = (name: string): string[] =>
  readFileSync(new URL(`golden/${name}.txt`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');

/** Sends package 1 and then the device's answers; the server's messages as text, what differs from run to run named. */
async function conversation(sessionId: string, options: SessionOptions): Promise<string[]> {
  const agent = await cloud().request('https://content.mock01.manage.microsoft.com/IntuneWindowsAgent.msi');
  const hash = createHash('sha256').update(agent.body).digest('hex').toUpperCase();
  const texts: string[] = [];
  let commands: readonly Command[] = packageOne(options);
  for (let msgId = 1; commands.length > 1; msgId += 1) {
    const header = { sessionId, msgId: String(msgId), target: MANAGEMENT, source: DM_DEVICE_ID };
    const response = await send(cloud(), device.certificate, encodeSyncMessage({ header, commands, final: true }));
    texts.push(response.text().replaceAll(device.id, '{EntDMID}').replaceAll(hash, '{FileHash}'));
    commands = reactions(replyOf(response), options);
  }
  return texts;
}

describe('Transcript of the first white-glove sync', () => {
  const bootstrap = alert(4, alertType.bootstrapSync, 'device');
  const installed = alert(4, alertType.msiResult, '0', {
    source: AGENT,
    meta: { type: alertType.msiResult, format: 'int', mark: 'informational' },
  });

  it('04-37 04-50 04-51 session 1: inventory, page, policies and agent', async () => {
    const values = { './DevDetail/SwV': '10.0.22631.3296', './DevDetail/Ext/DeviceHardwareData': 'T0F' };
    expect(await conversation('1', { alerts: [bootstrap], values })).toEqual(golden('first-sync'));
  });

  it('04-53 session 2: the agent is up, the server is finished', async () => {
    expect(await conversation('2', { alerts: [installed], values: agentUp })).toEqual(golden('agent-installed'));
  });

  it('04-56 session 3: the outcome', async () => {
    expect(await conversation('3', { values: green })).toEqual(golden('outcome'));
  });
});
