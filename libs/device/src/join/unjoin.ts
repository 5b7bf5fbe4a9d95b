import { NetworkError } from '../context/index.js';
import { evictDeviceKeys } from './device-keys.js';
import { callDrs } from './dsreg-call.js';
import { type DsregContext } from './dsreg-context.js';
import { type Registration } from './registration.js';
import { clearRegistration } from './registration-store.js';

/**
 * Leaves Entra (reference 05, A.4): certificate, keys and registration state go, events 110 and 111. The directory object is not touched by
 * that. With the trait `unjoin: drs-delete` the service is asked to remove it first; whatever it answers, the local state goes all the same
 * (06 D-A37, D-B63).
 */
export async function unjoin(context: DsregContext, registration: Registration): Promise<void> {
  const { events, traits } = context;
  const { joinType, tenantId, userEmail, deviceId, keys } = registration;
  if (traits.unjoin === 'drs-delete') await askForRemoval(context, registration);
  clearRegistration(context, registration);
  await evictDeviceKeys(context, keys);
  events.emit('udr', 110, { JoinType: joinType, TenantId: tenantId, UserEmail: userEmail });
  events.emit('udr', 111, { DeviceId: deviceId, Joined: false });
}

/** `DELETE` with the device certificate in the handshake: the answer is in the traffic for whoever wants to see it. */
async function askForRemoval(context: DsregContext, { service, deviceId, certificate, keys }: Registration): Promise<void> {
  const key = context.tpm.tlsKey?.(keys.device);
  const url = `${service.joinEndpoint.replace(/\/$/, '')}/${deviceId}?api-version=${encodeURIComponent(service.joinServiceVersion)}`;
  try {
    await callDrs(context, {
      operation: 'Unjoin',
      method: 'DELETE',
      url,
      activityId: context.random.uuid(),
      ...(key ? { clientCertificate: { certificate: certificate.der, key } } : {}),
    });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
}
