import { IntuneScript, whatApplies } from '@greenscreen/model/mdm-session';
import { encodeScripts } from '@greenscreen/wire/ime';
import { In } from 'typeorm';
import { type MdmIdentity } from '../device-identity/index.js';
import { type MdmServices } from '../mdm-services.js';
import { subjectOf } from './subject.js';

/** Scripts for the device and for whoever is signed in there, by their age; `[]` is a good answer too. */
export async function assignedScripts({ em }: MdmServices, { enrollment, tenant }: MdmIdentity): Promise<string> {
  const assigned = (await whatApplies(em, await subjectOf(em, enrollment))).filter(({ kind }) => kind === 'script');
  const scripts =
    assigned.length > 0
      ? await em.find(IntuneScript, { where: { id: In(assigned.map(({ id }) => id)) }, order: { createdAt: 'ASC' } })
      : [];
  return encodeScripts(
    scripts.map(({ id, version, content, runAsAccount, runAs32Bit, enforceSignatureCheck }) => ({
      id,
      version,
      accountId: tenant.intuneAccountId,
      body: content.toString('utf8'),
      runAsUser: runAsAccount === 'user',
      runAs32Bit,
      enforceSignatureCheck,
    })),
  );
}
