import { type TokenContext } from '@greenscreen/device/token';
import { randomBytes, randomUUID } from 'node:crypto';
import { type TestCloud } from '../../support/cloud.js';

/** A device whose network leads to the services under test; `seen` learns what it asks, as `service operation`. */
export function deviceContext(cloud: TestCloud, seen: string[] = []): TokenContext {
  return {
    network: {
      http: async ({ service, operation, method, url, headers, body }) => {
        seen.push(`${service} ${operation}`);
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
    },
    random: { uuid: () => randomUUID(), bytes: (length) => randomBytes(length) },
    clock: { now: () => new Date(), wait: async () => undefined, set: () => undefined },
    traits: {
      serial: 'S1',
      manufacturer: 'm',
      model: 'm',
      sku: '',
      systemFamily: '',
      smbiosUuid: randomUUID(),
      macAddresses: [],
      osBuild: '26100.2454',
      edition: 'Pro',
      locale: 'en-US',
      tpm: { kind: 'firmware', vendor: 'INTC', firmware: '1', ek: { alg: 'rsa2048', cert: 'nv' } },
      unjoin: 'local',
      corruptChallengeAnswer: false,
    },
  };
}
