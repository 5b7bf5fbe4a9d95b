import { control } from '@greenscreen/control';
import { sts } from '@greenscreen/sts';
import { describe, expect, it } from '@jest/globals';
import { useCloud } from '../support/cloud.js';
import { newTenant, type TestTenant } from '../support/tenant.js';

const cloud = useCloud(control, sts);
const HOUR = 3_600_000;
const MINUTE = 60_000;

const set = async (body: object): Promise<number> =>
  Date.parse(((await cloud().request('http://127.0.0.1/clock', { body: JSON.stringify(body) })).json() as { now: string }).now);
const read = async (tenant: string): Promise<number> =>
  Date.parse(((await cloud().request(`http://127.0.0.1/clock?tenant=${tenant}`)).json() as { now: string }).now);
/** When a token of the tenant says that it was made. */
async function tokenTime({ tenant, clientId, clientSecret }: TestTenant): Promise<number> {
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  };
  const url = `https://login.microsoftonline.com/${tenant.id}/oauth2/v2.0/token`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { access_token: token } = (await cloud().request(url, { headers, body: new URLSearchParams(form).toString() })).json() as {
    access_token: string;
  };
  return (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { iat: number }).iat * 1000;
}
/** Within ten minutes: tokens are dated back by five. */
const near = (time: number, expected: number): boolean => Math.abs(time - expected) < 10 * MINUTE;

describe('the clock of a tenant', () => {
  it('stands still, runs ahead, is moved on and set; tokens follow, other tenants do not', async () => {
    const lab = await newTenant(cloud());
    const other = await newTenant(cloud());
    const tenant = lab.tenant.id;
    const past = Date.parse('2020-02-02T02:02:02Z');

    expect(await set({ tenant, freeze: new Date(past).toISOString() })).toBe(past);
    expect(await read(tenant)).toBe(past);
    expect(near(await tokenTime(lab), past)).toBe(true);
    expect(await set({ tenant, advance: HOUR })).toBe(past + HOUR);
    expect(await read(tenant)).toBe(past + HOUR);

    const running = await set({ tenant, set: new Date(past).toISOString() });
    expect(running - past).toBeLessThan(MINUTE);
    expect(await read(tenant)).toBeGreaterThan(past);
    expect(near(await tokenTime(lab), past)).toBe(true);
    expect(near(await set({ tenant, advance: HOUR }), past + HOUR)).toBe(true);

    expect(near(await set({ tenant, offset: -2 * HOUR }), Date.now() - 2 * HOUR)).toBe(true);
    expect(near(await set({ tenant, offset: 24 * HOUR }), Date.now() + 24 * HOUR)).toBe(true);

    expect(near(await read(other.tenant.id), Date.now())).toBe(true);
    expect(near(await tokenTime(other), Date.now())).toBe(true);
    expect((await cloud().request(`http://127.0.0.1/clock?tenant=${tenant}`, { method: 'DELETE' })).status).toBe(204);
    expect(near(await read(tenant), Date.now())).toBe(true);
  });

  it.each([
    [{}],
    [{ advance: -1 }],
    [{ freeze: 'noon' }],
    [{ set: '2020-02-02T02:02:02Z', advance: 1 }],
    [{ tenant: 'nobody', advance: 1 }],
  ])('is not moved by %j', async (body) => {
    expect((await cloud().request('http://127.0.0.1/clock', { body: JSON.stringify(body) })).status).toBe(400);
  });
});
