import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { DeviceCode, type SignInFlow } from '@greenscreen/model/sts';
import { Tenant } from '@greenscreen/model/tenancy';
import { type PendingSignIn } from '../sign-in/pending-sign-in.js';
import { pageShell } from '@greenscreen/host/page';
import { stsHtml } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { type UserAuthentication } from '../tokens/authentication.js';

/** The sign-in of a person who typed a device's code: at its end the device may go on (reference 02, 4.3). */
export async function pendingDeviceCode(sts: StsServices, { userCode }: SignInFlow): Promise<PendingSignIn> {
  const row = await sts.em.findOneBy(DeviceCode, { userCode: userCode ?? '', state: 'pending' });
  if (!row) throw new Fault('sts.70018.unknown');
  const tenant = row.tenantId === null ? undefined : await sts.em.findOneByOrFail(Tenant, { id: row.tenantId });
  if ((await sts.clock.now(tenant?.id)) >= row.expiresAt) throw new Fault('sts.70019');
  return {
    appName: 'your device',
    loginHint: undefined,
    segment: { text: '', canonical: tenant?.id ?? 'common', ...(tenant ? { tenant } : {}) },
    amrValues: [],
    record: { grant: 'interactive', appId: row.clientId, ...(row.resource === null ? {} : { resource: row.resource }) },
    complete: (authentication) => approve(sts, row, authentication),
  };
}

/** Of two people who complete a code at once the second is told that it is gone. */
async function approve({ em }: StsServices, { hash }: DeviceCode, { user, amr }: UserAuthentication): Promise<Reply> {
  const taken = await em.update(DeviceCode, { hash, state: 'pending' }, { state: 'approved', userId: user.id, amr: [...amr] });
  if (taken.affected !== 1) throw new Fault('sts.70018.unknown');
  const text = '<h1>You have signed in</h1><p>You may now close this window and return to your device.</p>';
  return stsHtml(200, pageShell('Signed in', '', text));
}
