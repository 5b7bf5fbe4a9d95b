import { decodeCompactJws, JoseError } from '@greenscreen/crypto/jose';
import { Fault } from '@greenscreen/host/faults';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { type MdmServices } from '../../mdm-services.js';
import { type FleetServer } from '../fleet-server.js';

/** Members that Fleet wants in a token (reference 04, 2.2). */
const required = ['upn', 'tid', 'unique_name', 'scp'] as const;
const SCOPE = 'mdm_delegation';

/** The user whom a token names, whoever signed it and for whichever tenant (06 D-B5). */
export async function unverifiedUser(mdm: MdmServices, { tenant }: FleetServer, token: string): Promise<DirectoryUser> {
  const claims = claimsOf(token);
  const { upn, scp } = claims;
  if (required.some((name) => typeof claims[name] !== 'string') || typeof upn !== 'string') throw new Fault('mdm.Authentication');
  const user = scp === SCOPE ? await mdm.em.findOneBy(DirectoryUser, { tenantId: tenant.id, upn: upn.toLowerCase() }) : null;
  if (user?.accountEnabled !== true) throw new Fault('mdm.Authorization');
  return user;
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    return decodeCompactJws(token).payload;
  } catch (error) {
    if (error instanceof JoseError) throw new Fault('mdm.InvalidSecurity', {}, { cause: error });
    throw error;
  }
}
