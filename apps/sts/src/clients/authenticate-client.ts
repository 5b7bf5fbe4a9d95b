import { Fault } from '@greenscreen/host/faults';
import { verifyPassword } from '@greenscreen/model/tenancy';
import { type StsServices } from '../sts-services.js';
import { type Client } from './client.js';
import { verifyClientAssertion } from './client-assertion.js';

export interface ClientCredentials {
  readonly secret?: string | undefined;
  readonly assertion?: string | undefined;
}

/** How a client has proved itself: nothing, a secret, or the key of a certificate (`appidacr`). */
export type ClientProof = '0' | '1' | '2';

/** Lets a confidential client prove itself, and a public one, which has neither secret nor certificate, prove nothing. */
export async function authenticateClient(sts: StsServices, client: Client, { secret, assertion }: ClientCredentials): Promise<ClientProof> {
  const { application } = client;
  const secretHash = application?.secretHash ?? null;
  if (!application || (secretHash === null && application.certificates.length === 0)) {
    if (secret !== undefined || assertion !== undefined) throw new Fault('sts.700025');
    return '0';
  }
  if (assertion !== undefined) {
    await verifyClientAssertion(sts, application, assertion);
    return '2';
  }
  if (secret === undefined) throw new Fault('sts.7000218');
  if (secretHash === null || !(await verifyPassword(secret, secretHash))) throw new Fault('sts.7000215', { clientId: client.clientId });
  return '1';
}
