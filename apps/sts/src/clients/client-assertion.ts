import { createHash, type KeyObject } from 'node:crypto';
import { JoseError, type JwtKeyName, verifyJwt } from '@greenscreen/crypto/jose';
import { knownCertificate } from '@greenscreen/crypto/x509';
import { Fault } from '@greenscreen/host/faults';
import { type Application, findTenant } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';
import { stsHosts } from '../hosts.js';
import { seconds, type StsServices } from '../sts-services.js';

/** Clocks of clients may be a little off. */
const SKEW = 300;

/**
 * A JWT by which a confidential client proves that it holds the key of one of its certificates (RFC 7523, 2.2; reference 02, 4.1): RS256 or
 * PS256, named by thumbprint, issued by and about the client, for this token service, and current. Refusals: 700027 key or signature, 700021
 * another client, 700023 audience, 700024 time, 50027 no JWT at all.
 */
export async function verifyClientAssertion({ em, clock }: StsServices, application: Application, assertion: string): Promise<void> {
  const claims = await signedClaims(application, assertion);
  const { clientId, tenantId } = application;
  if ([claims.iss, claims.sub].some((name) => typeof name !== 'string' || name.toLowerCase() !== clientId))
    throw new Fault('sts.700021', { clientId });
  if (!(await isForUs(em, claims.aud, tenantId))) throw new Fault('sts.700023');
  const now = seconds(await clock.now(tenantId));
  const { nbf = now, exp } = claims;
  if (typeof exp !== 'number' || typeof nbf !== 'number' || now >= exp + SKEW || now < nbf - SKEW) throw new Fault('sts.700024');
}

async function signedClaims({ certificates }: Application, assertion: string): Promise<Record<string, unknown>> {
  try {
    return await verifyJwt(assertion, { keyOf: (_, name) => keyNamed(certificates, name), algorithms: ['RS256', 'PS256'] });
  } catch (error) {
    if (!(error instanceof JoseError)) throw error;
    throw new Fault(error.problem === 'malformed' ? 'sts.50027' : 'sts.700027', {}, { cause: error });
  }
}

/** `x5t` and `x5t#S256` are thumbprints, and so is `kid` where a client writes one in their place, in base64url or hex. */
function keyNamed(certificates: readonly string[], { kid, x5t, x5tS256 }: JwtKeyName): KeyObject | undefined {
  const names = [kid, kid?.toLowerCase(), x5t, x5tS256];
  const named = certificates
    .map((text) => Buffer.from(text, 'base64'))
    .find((der) => thumbprints(der).some((print) => names.includes(print)));
  return named && knownCertificate(named).publicKey;
}

function thumbprints(der: Buffer): string[] {
  const [sha1, sha256] = ['sha1', 'sha256'].map((algorithm) => createHash(algorithm).update(der).digest());
  return [sha1, sha256].flatMap((print) => (print ? [print.toString('base64url'), print.toString('hex')] : []));
}

/** The token endpoint or the issuer, under any name of the service, for the client's tenant or for nobody's in particular. */
async function isForUs(em: EntityManager, audience: unknown, tenantId: string): Promise<boolean> {
  if (typeof audience !== 'string' || !URL.canParse(audience)) return false;
  const { hostname, pathname } = new URL(audience);
  const segment = pathname.split('/')[1] ?? '';
  if (!stsHosts.includes(hostname)) return false;
  return ['common', 'organizations'].includes(segment.toLowerCase()) || (await findTenant(em, segment))?.id === tenantId;
}
