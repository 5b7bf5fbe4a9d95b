import {
  type DeviceNetwork,
  CertificateStores,
  EventLog,
  NetworkError,
  Registry,
  Timeline,
  type WindowsEvent,
} from '@greenscreen/device/context';
import { type DsregContext } from '@greenscreen/device/join';
import { type TestCloud } from '../../support/cloud.js';
import { deviceContext } from '../sts/device-context.support.js';
import { TestTpm } from './test-tpm.support.js';

export interface Windows {
  readonly context: DsregContext;
  readonly tpm: TestTpm;
  /** `service operation` of every request. */
  readonly requests: string[];
  /** Ids of the User Device Registration channel, in order. */
  ids(): number[];
  events(): WindowsEvent[];
  /** What the network answers next instead of asking the cloud. */
  answerNext(answer: { status: number; body: string } | { hresult: number }): void;
}

/** A Windows installation whose network leads to the services under test. */
export function windows(cloud: TestCloud, unjoin: 'local' | 'drs-delete' = 'local'): Windows {
  const base = deviceContext(cloud);
  const requests: string[] = [];
  const planned: ({ status: number; body: string } | { hresult: number })[] = [];
  const timeline = new Timeline(() => new Date());
  const tpm = new TestTpm();
  const network: DeviceNetwork = {
    http: async (request) => {
      requests.push(`${request.service} ${request.operation}`);
      const plan = planned.shift();
      if (plan && 'hresult' in plan) throw new NetworkError(plan.hresult, 'planned');
      if (plan) return response(plan.status, {}, Buffer.from(plan.body));
      const { method, url, headers, body, clientCertificate } = request;
      const answer = await cloud.request(url, {
        ...(method ? { method } : {}),
        headers: { ...headers },
        ...(body === undefined ? {} : { body }),
        ...(clientCertificate ? { clientCertificate: clientCertificate.certificate } : {}),
      });
      const present = Object.entries(answer.headers).filter((pair): pair is [string, string | string[]] => pair[1] !== undefined);
      return response(answer.status, Object.fromEntries(present), answer.body);
    },
  };
  const context: DsregContext = {
    ...base,
    traits: { ...base.traits, unjoin },
    network,
    tpm,
    registry: new Registry(),
    stores: new CertificateStores(),
    timeline,
    events: new EventLog(timeline),
  };
  const events = () => context.events.all();
  return {
    context,
    tpm,
    requests,
    events,
    ids: () => events().flatMap(({ channel, id }) => (channel === 'udr' ? [id] : [])),
    answerNext: (answer) => planned.push(answer),
  };
}

const response = (status: number, headers: Record<string, string | string[]>, body: Buffer) => ({
  status,
  headers,
  body,
  header: (name: string) => [headers[name.toLowerCase()] ?? []].flat()[0],
  text: () => body.toString('utf8'),
  json: () => JSON.parse(body.toString('utf8')) as unknown,
});
