import { Fault } from '@greenscreen/host/faults';
import { type MdmIdentity, identifyEnrollment, MdmIdentityError, noteEnrollment } from '../device-identity/index.js';
import { type MdmServices } from '../mdm-services.js';

/** The device whose agent asks: its MDM certificate is the credential, as in OMA-DM (reference 04, 4.6). */
export async function agentOf(mdm: MdmServices, presented: { readonly der: Buffer } | undefined): Promise<MdmIdentity> {
  try {
    const identity = await identifyEnrollment(mdm.em, presented, (tenantId) => mdm.clock.now(tenantId));
    noteEnrollment(identity.enrollment);
    return identity;
  } catch (error) {
    if (error instanceof MdmIdentityError) throw new Fault('ime.Forbidden', {}, { cause: error });
    throw error;
  }
}
