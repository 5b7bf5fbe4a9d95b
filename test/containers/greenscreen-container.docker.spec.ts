import { GreenscreenContainer, type GreenscreenTenant, type StartedGreenscreenContainer } from '@greenscreen/testcontainers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Network, type StartedNetwork } from 'testcontainers';

describe('the whole cloud in a container', () => {
  let network: StartedNetwork;
  let container: StartedGreenscreenContainer;
  beforeAll(async () => {
    network = await new Network().start();
    container = await new GreenscreenContainer().withEmulatedNames(network).start();
  }, 180_000);
  afterAll(async () => {
    await container.greenscreen.stop();
    await network.stop();
  });

  const token = ({ id, clientId, clientSecret }: GreenscreenTenant) =>
    container.greenscreen.fetch(`https://login.microsoftonline.com/${id}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'https://graph.microsoft.com/.default',
      }),
    });

  it('gives a tenant of the test its token', async () => {
    expect((await token(await container.greenscreen.tenant())).status).toBe(200);
  });

  it('meets a fault of the tenant, and nobody else does', async () => {
    const [hit, spared] = [await container.greenscreen.tenant(), await container.greenscreen.tenant()];
    const fault = await hit.fault({ service: 'sts', on: 'Token', action: { respond: { status: 503 } } });
    expect((await token(hit)).status).toBe(503);
    expect((await token(spared)).status).toBe(200);
    expect(await fault.hits()).toBe(1);
  });

  it('leads the emulated names of its network to itself', async () => {
    const program = `fetch('https://graph.microsoft.com/v1.0/users').then((answer) => console.log(answer.status))`;
    const roots = 'http://127.0.0.1:8088/roots.pem';
    const script = `node -e "fetch('${roots}').then((r) => r.text()).then((t) => require('fs').writeFileSync('/tmp/roots.pem', t))" && NODE_EXTRA_CA_CERTS=/tmp/roots.pem node -e "${program}"`;
    expect(await container.exec(['sh', '-c', script])).toMatchObject({ exitCode: 0, output: '401\n' });
  });

  it('forgets its tenants at a reset, and keeps its roots', async () => {
    const { greenscreen } = container;
    const [tenant, roots] = [await greenscreen.tenant(), await greenscreen.roots()];
    await greenscreen.reset();
    expect((await greenscreen.control.listTenants()).map(({ id }) => id)).not.toContain(tenant.id);
    expect(await greenscreen.roots()).toBe(roots);
  });
});
