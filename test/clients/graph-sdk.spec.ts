import { describe, expect, it } from '@jest/globals';
import { graph } from '@greenscreen/graph';
import { sts } from '@greenscreen/sts';
import { newDevice } from '../conformance/graph/support.js';
import { newTenant } from '../support/tenant.js';
import { useGateway } from './foreign-program.js';

describe("Microsoft's JavaScript SDK for Graph, with the Azure identity library", () => {
  const gateway = useGateway(sts, graph);

  it.each([
    ['as it comes', {}],
    // The SDK waits for Retry-After and tries again.
    ['throttled at every fifth call', { 'graph.throttleEvery': 5, 'graph.throttleRetryAfterSec': 1 }],
  ])(
    'imports, pages, filters, searches, batches and deletes (%s)',
    async (_, switches) => {
      const { tenant, clientId, clientSecret } = await newTenant(gateway(), switches);
      const hashes = [newDevice(), newDevice(), newDevice(), newDevice(), newDevice()].map(({ hash }) => hash);
      const seen = await gateway().run('graph-sdk.mjs', {
        TENANT: tenant.id,
        CLIENT_ID: clientId,
        CLIENT_SECRET: clientSecret,
        HASHES: hashes.join(','),
      });
      expect(seen).toEqual({
        imports: ['complete', 'complete', 'complete', 'complete', 'complete'],
        pageSize: 2,
        paged: 5,
        filtered: 1,
        profile: 'WG-Entra',
        searched: [true],
        displayName: 'SDK-1',
        batch: [200, 200, 204],
        user: 'anna@lab.example',
        left: [0, 0],
        missing: [404, 'ResourceNotFound'],
      });
    },
    60_000,
  );

  it('a wrong secret is what the identity library says it is', async () => {
    const { tenant, clientId } = await newTenant(gateway());
    const run = gateway().run('graph-sdk.mjs', {
      TENANT: tenant.id,
      CLIENT_ID: clientId,
      CLIENT_SECRET: 'wrong',
      HASHES: newDevice().hash,
    });
    await expect(run).rejects.toThrow(/AADSTS7000215/);
  }, 30_000);
});
