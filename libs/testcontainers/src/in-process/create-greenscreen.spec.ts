import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emulatedServices } from '@greenscreen/all';
import { emulatedNames, type Greenscreen, type GreenscreenTenant } from '../index.js';
import { createGreenscreen } from './index.js';

describe('a cloud in the process of the test', () => {
  let greenscreen: Greenscreen;
  beforeAll(async () => {
    greenscreen = await createGreenscreen({ ...(process.env.DATABASE_URL ? { databaseUrl: process.env.DATABASE_URL } : {}), empty: true });
  }, 60_000);
  afterAll(() => greenscreen.stop());

  const token = ({ id, clientId, clientSecret }: GreenscreenTenant) =>
    greenscreen.fetch(`https://login.microsoftonline.com/${id}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'https://graph.microsoft.com/.default',
      }),
    });

  it('gives a tenant its token under the real name, with the roots that it names', async () => {
    const response = await token(await greenscreen.tenant());
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ token_type: 'Bearer' });
    expect(await greenscreen.roots()).toContain('BEGIN CERTIFICATE');
  });

  it('answers names of plain HTTP too', async () => {
    const key = 'A'.repeat(43);
    expect((await greenscreen.fetch(`http://ekop.intel.com/ekcertservice/${key}`)).status).toBe(404);
    expect((await greenscreen.fetch('http://nobody.example/')).status).toBe(421);
  });

  it("hits a tenant's requests with its fault until it is disarmed, and nobody else's", async () => {
    const [hit, spared] = [await greenscreen.tenant(), await greenscreen.tenant()];
    const fault = await hit.fault({ service: 'sts', on: 'Token', action: { respond: { status: 503 } } });
    expect((await token(hit)).status).toBe(503);
    expect((await token(spared)).status).toBe(200);
    expect(await fault.hits()).toBe(1);
    await fault.disarm();
    expect((await token(hit)).status).toBe(200);
  });

  it('a fault of everybody hits everybody', async () => {
    const tenant = await greenscreen.tenant();
    const fault = await greenscreen.fault({
      service: 'sts',
      on: 'Token',
      match: { body: tenant.clientId },
      action: { respond: { status: 429 } },
    });
    expect((await token(tenant)).status).toBe(429);
    expect(await fault.hits()).toBe(1);
    await fault.disarm();
  });
});

describe('the list of emulated names', () => {
  const patterns = emulatedServices.flatMap(({ hosts }) => hosts.map(({ pattern }) => pattern));
  const expression = (pattern: string) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`);

  it('has every name of the services, and no other', () => {
    expect(emulatedNames).toEqual(expect.arrayContaining(patterns.filter((pattern) => !pattern.includes('*'))));
    expect(emulatedNames.filter((name) => !patterns.some((pattern) => expression(pattern).test(name)))).toEqual([]);
    expect(new Set(emulatedNames).size).toBe(emulatedNames.length);
  });
});
