import { decodeRegisteredKey, encodeKeyRegistration } from '@greenscreen/wire/drs';
import { DeploymentError, NetworkError } from '../context/index.js';
import { type TpmKey } from '../tpm/index.js';
import { keyBlob } from './device-keys.js';
import { type RegistrationService } from './discover.js';
import { dsregErrors, errorData, jsonOf, refusalOf } from './drs-hresult.js';
import { callDrs } from './dsreg-call.js';
import { type DsregContext } from './dsreg-context.js';

/** A Windows Hello key that Entra knows. */
export interface HelloRegistration {
  /** GUID. */
  readonly keyId: string;
  readonly upn: string;
  readonly key: TpmKey;
}

export interface HelloInput {
  readonly service: RegistrationService;
  /** The user's token for `service.keyResourceId`, with the device's claim and a second factor. */
  readonly token: string;
}

/**
 * Makes a Windows Hello key in the TPM and registers it (reference 05, U10; 02, 13.3): event 358 when the prerequisites are met, 300 or 301
 * for the outcome. Throws DeploymentError, or NetworkError when there was no answer; the key is gone then.
 */
export async function registerHelloKey(context: DsregContext, { service, token }: HelloInput): Promise<HelloRegistration> {
  const { events, tpm } = context;
  events.emit('udr', 358, { DeviceIsJoined: true, UserHasLoggedOn: true });
  const key = await tpm.createKey();
  try {
    const registered = await register(context, service, token, keyBlob(key));
    events.emit('udr', 300, { KeyId: registered.keyId, UserEmail: registered.upn });
    return { ...registered, key };
  } catch (error) {
    await tpm.evict(key);
    if (error instanceof DeploymentError || error instanceof NetworkError) events.emit('udr', 301, errorData(error.hresult));
    throw error;
  }
}

async function register(
  context: DsregContext,
  service: RegistrationService,
  token: string,
  kngc: string,
): Promise<{ keyId: string; upn: string }> {
  const response = await callDrs(context, {
    operation: 'KeyProvision',
    method: 'POST',
    url: `${service.keyEndpoint}?api-version=${encodeURIComponent(service.keyServiceVersion)}`,
    activityId: context.random.uuid(),
    bearer: token,
    body: encodeKeyRegistration(kngc),
  });
  if (response.status !== 200) throw refusalOf(response);
  const registered = decodeRegisteredKey(jsonOf(response));
  if (!registered) throw new DeploymentError(dsregErrors.malformed, 'The answer names no key');
  return registered;
}
