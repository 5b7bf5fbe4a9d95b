import { Controller, Get, Param, Query, UseFilters } from '@nestjs/common';
import { certificateKeyId } from '@greenscreen/crypto/jose';
import { type Authority } from '@greenscreen/host/authority';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { STS, stsHosts } from '../hosts.js';
import { stsDialect } from '../sts.errors.js';
import { metadataJson } from '../sts-reply.js';
import { StsServices } from '../sts-services.js';
import { resolveSegment } from '../tenancy/tenant-segment.js';
import { publishedAuthorities } from '../tokens/signing-keys.js';
import { openIdConfigurationV1, openIdConfigurationV2 } from './openid-configuration.js';

/** Anonymous metadata (reference 02, 2.1 to 2.4). */
@Controller({ host: stsHosts })
@UseFilters(new FaultFilter(stsDialect))
export class MetadataController {
  constructor(private readonly sts: StsServices) {}

  @Get(':tenant/.well-known/openid-configuration')
  @Operation('sts', 'OpenIdConfiguration')
  async v1(@Param('tenant') segment: string): Promise<Reply> {
    const { canonical, tenant } = await this.resolve(segment);
    return metadataJson(openIdConfigurationV1(canonical, tenant));
  }

  @Get(':tenant/v2.0/.well-known/openid-configuration')
  @Operation('sts', 'OpenIdConfiguration')
  async v2(@Param('tenant') segment: string): Promise<Reply> {
    const { canonical, tenant } = await this.resolve(segment);
    return metadataJson(openIdConfigurationV2(canonical, tenant));
  }

  /** One key set for every version, v2 adds the issuer (reference 02, 2.3); a tenant whose key rolls over has two keys in it. */
  @Get([':tenant/discovery/keys', ':tenant/discovery/v2.0/keys'])
  @Operation('sts', 'Keys')
  async keys(@Param('tenant') segment: string): Promise<Reply> {
    const { canonical, tenant } = await this.resolve(segment);
    const v2 = /\/v2\.0\//i.test(currentExchange().path);
    const issuer = `${STS}/${tenant ? canonical : '{tenantid}'}/v2.0`;
    const published = await publishedAuthorities(this.sts.em, tenant);
    const keys = (await Promise.all(published.map((definition) => this.sts.authorities.get(definition)))).map(jwkOf);
    return metadataJson({ keys: v2 ? keys.map((key) => ({ ...key, issuer })) : keys });
  }

  /** MSAL asks this before it trusts an authority (reference 02, 2.4). */
  @Get(':tenant/discovery/instance')
  @Operation('sts', 'InstanceDiscovery')
  async instance(@Query('authorization_endpoint') endpoint: string | undefined): Promise<Reply> {
    if (!endpoint) throw new Fault('sts.900144', { parameter: 'authorization_endpoint' });
    const segment = pathSegment(endpoint);
    return metadataJson({
      tenant_discovery_endpoint: `${STS}/${segment}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [
        {
          preferred_network: 'login.microsoftonline.com',
          preferred_cache: 'login.windows.net',
          aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
        },
      ],
    });
  }

  private async resolve(segment: string) {
    await this.sts.clock.now();
    return resolveSegment(this.sts.em, segment, 'sts.90002.metadata');
  }
}

function jwkOf({ certificate, publicKey }: Authority) {
  const kid = certificateKeyId(certificate);
  const { n, e } = publicKey.export({ format: 'jwk' });
  return { kty: 'RSA', use: 'sig', kid, x5t: kid, n, e, x5c: [certificate.toString('base64')] };
}

/** First element of the path of an authorization endpoint. */
function pathSegment(endpoint: string): string {
  try {
    const segment = new URL(endpoint).pathname.split('/')[1];
    if (segment) return segment;
  } catch {
    // falls through to the refusal
  }
  throw new Fault('sts.90023');
}
