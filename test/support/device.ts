import { KeyPool } from '@greenscreen/crypto/keys';
import { fromPem } from '@greenscreen/crypto/x509';
import {
  CertificateStores,
  type DeviceClock,
  type DeviceContext,
  type DeviceNetwork,
  type DeviceRequest,
  type DeviceTraits,
  EventLog,
  Registry,
  Timeline,
  type WindowsEvent,
} from '@greenscreen/device/context';
import { type Tpm } from '@greenscreen/device/tpm';
import { randomBytes, randomUUID } from 'node:crypto';
import { type TestCloud } from './cloud.js';

/** Real time plus what was waited for, or set. */
export class TestClock implements DeviceClock {
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

export interface DeviceChange {
  readonly traits?: Partial<Omit<DeviceTraits, 'tpm'>>;
  readonly tpm?: Partial<DeviceTraits['tpm']>;
  /** Stands between the device and the cloud; also knows its clock. */
  readonly network?: (network: DeviceNetwork, clock: TestClock) => DeviceNetwork;
  /** Roots in the machine's store; what control hands out unless given. */
  readonly roots?: string;
}

/** A Windows PC in front of a cloud that runs control too, and what it did. */
export interface TestDevice {
  readonly context: DeviceContext;
  readonly clock: TestClock;
  /** `service operation` of every request. */
  readonly requests: string[];
  events(): WindowsEvent[];
  /** Ids of the events in the Autopilot channel, in their order. */
  ids(): number[];
  /** Data of the first event with this id in the Autopilot channel. */
  data(id: number): WindowsEvent['data'] | undefined;
}

const keys = new KeyPool({ rsa2048: 1 });

export async function testDevice(cloud: TestCloud, tpm: Tpm, change: DeviceChange = {}): Promise<TestDevice> {
  const clock = new TestClock();
  const timeline = new Timeline(() => clock.now());
  const requests: string[] = [];
  const direct = networkTo(cloud, requests);
  const stores = new CertificateStores();
  const roots = change.roots ?? (await cloud.request('http://127.0.0.1/roots.pem')).text();
  for (const root of fromPem(roots)) stores.add('LocalMachine\\Root', root);
  const events = new EventLog(timeline);
  const ids = (): WindowsEvent[] => events.all().filter(({ channel }) => channel === 'autopilot');
  const context: DeviceContext = {
    network: change.network?.(direct, clock) ?? direct,
    clock,
    timeline,
    tpm,
    keys,
    random: { uuid: () => randomUUID(), bytes: (length) => randomBytes(length) },
    registry: new Registry(),
    stores,
    files: new Map(),
    events,
    traits: traitsOf(change),
  };
  return {
    context,
    clock,
    requests,
    events: () => events.all(),
    ids: () => ids().map(({ id }) => id),
    data: (id) => ids().find((event) => event.id === id)?.data,
  };
}

const traitsOf = ({ traits, tpm }: DeviceChange): DeviceTraits => ({
  serial: `LAB-${randomBytes(4).toString('hex')}`,
  manufacturer: 'Contoso Devices',
  model: 'Labbook 14',
  sku: 'LB14',
  systemFamily: 'Labbook',
  smbiosUuid: randomUUID(),
  macAddresses: ['02-00-5E-10-00-01'],
  osBuild: '26100.2454',
  edition: 'Pro',
  locale: 'en-US',
  unjoin: 'local',
  corruptChallengeAnswer: false,
  ...traits,
  tpm: { kind: 'discrete', vendor: 'IFX', firmware: '7.85', ek: { alg: 'rsa2048', cert: 'nv' }, ...tpm },
});

const networkTo = (cloud: TestCloud, requests: string[]): DeviceNetwork => ({
  http: async ({ service, operation, method, url, headers, body, clientCertificate }: DeviceRequest) => {
    requests.push(`${service} ${operation}`);
    const answer = await cloud.request(url, {
      ...(method ? { method } : {}),
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
      ...(clientCertificate ? { clientCertificate: clientCertificate.certificate } : {}),
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
