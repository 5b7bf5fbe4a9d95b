import { type DeviceClock, type DeviceNetwork, EventLog, Registry, Timeline, type WindowsEvent } from '@greenscreen/device/context';
import { addDevice } from '@greenscreen/device/msa';
import { downloadProfile, type ProfileContext, type ProfileDownload } from '@greenscreen/device/profile';
import { randomBytes, randomUUID } from 'node:crypto';
import { type TestCloud } from '../../support/cloud.js';
import { type Machine } from './support.js';

/** Real time plus what was waited for, or set. */
class TestClock implements DeviceClock {
  private offset = 0;
  readonly waits: number[] = [];

  now(): Date {
    return new Date(Date.now() + this.offset);
  }

  async wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
    this.offset += milliseconds;
  }

  set(time: Date): void {
    this.offset = time.getTime() - Date.now();
  }
}

/** A machine with a Windows installation, and what it did. */
export interface TestDevice {
  readonly context: ProfileContext;
  readonly clock: TestClock;
  /** `service operation` of every request. */
  readonly requests: string[];
  events(): WindowsEvent[];
  /** Ids of the events in the Autopilot channel, in their order. */
  ids(): number[];
}

export interface DeviceChange {
  readonly osBuild?: string;
  /** Stands between the device and the cloud. */
  readonly network?: (network: DeviceNetwork) => DeviceNetwork;
}

export function windowsOn(cloud: TestCloud, machine: Machine, change: DeviceChange = {}): TestDevice {
  const clock = new TestClock();
  const timeline = new Timeline(() => clock.now());
  const requests: string[] = [];
  const { facts } = machine;
  const network = networkTo(cloud, requests);
  const context: ProfileContext = {
    network: change.network?.(network) ?? network,
    clock,
    timeline,
    random: { uuid: () => randomUUID(), bytes: (length) => randomBytes(length) },
    registry: new Registry(),
    files: new Map(),
    events: new EventLog(timeline),
    tpm: { endorsementKey: { handle: 0x81010001, publicArea: Buffer.alloc(0), publicKey: machine.ek.publicKey } },
    traits: {
      serial: facts.serial,
      manufacturer: facts.manufacturer,
      model: facts.model,
      sku: facts.sku,
      systemFamily: facts.family,
      smbiosUuid: facts.smbiosUuid,
      macAddresses: facts.macAddresses,
      osBuild: change.osBuild ?? facts.osBuild,
      edition: 'Pro',
      locale: 'en-US',
      tpm: { kind: 'discrete', vendor: 'IFX', firmware: '7.85', ek: { alg: 'rsa2048', cert: 'nv' } },
      unjoin: 'local',
      corruptChallengeAnswer: false,
    },
  };
  const events = () => context.events.all();
  return {
    context,
    clock,
    requests,
    events,
    ids: () => events().flatMap(({ channel, id }) => (channel === 'autopilot' ? [id] : [])),
  };
}

const networkTo = (cloud: TestCloud, requests: string[]): DeviceNetwork => ({
  http: async ({ service, operation, method, url, headers, body }) => {
    requests.push(`${service} ${operation}`);
    const answer = await cloud.request(url, {
      ...(method ? { method } : {}),
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const present = Object.fromEntries(
      Object.entries(answer.headers).filter((pair): pair is [string, string | string[]] => pair[1] !== undefined),
    );
    return {
      status: answer.status,
      headers: present,
      body: answer.body,
      header: (name) => [present[name.toLowerCase()] ?? []].flat()[0],
      text: () => answer.text(),
      json: () => answer.json(),
    };
  },
});

/** Data of the first event with this id. */
export const dataOf = (device: TestDevice, id: number): Readonly<Record<string, unknown>> | undefined =>
  device.events().find((event) => event.id === id)?.data;

/** First boot of a new installation, with the hash that it would send. */
export async function boot(device: TestDevice, hash: string): Promise<ProfileDownload> {
  return downloadProfile(device.context, { identity: await addDevice(device.context), hardwareHash: hash });
}
