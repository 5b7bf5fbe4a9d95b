import { type DeviceContext, DeploymentError, hex, NetworkError } from '../context/index.js';
import { type AttestContext } from './attest-context.js';
import { AttestationError, attestErrors } from './attestation-error.js';
import { Attempts, type AttestedIdentity, type SecuringHooks } from './attempt.js';
import { IncapableTpmError, requireCapableDevice } from './capability.js';
import { keyStates } from './msa-key-state.js';
import { SecuringTimer } from './securing-timer.js';

/** Reference 03, 5.2; 06 D-A57: the tenth failure or 420 seconds, whichever is first. */
const MOST_ATTEMPTS = 10;
const RETRY_MS = 30_000;

/** Profile states of event 153 (reference 05, A.2). */
const states = { available: 'Available', attesting: 'TpmAttesting', unavailable: 'TpmNotAvailable' } as const;

/**
 * "Securing your hardware": AutopilotManager's TPM configuration, from the EK certificate to an attested identity (reference 05, T7). Installs
 * the AIK certificate. Throws {@link AttestationError} with the HRESULT that the page shows.
 */
export async function secureHardware(context: DeviceContext, hooks: SecuringHooks): Promise<AttestedIdentity> {
  const { events, clock } = context;
  const timer = new SecuringTimer(clock);
  const attempts = new Attempts(context, timer, hooks);
  events.emit('autopilot', 153, { From: states.available, To: states.attesting });
  events.emit('autopilot', 150);
  try {
    requireCapableDevice(context);
    const identity = await repeat(context, timer, attempts);
    events.emit('autopilot', 157, { Microseconds: timer.elapsed * 1000 });
    events.emit('autopilot', 153, { From: states.attesting, To: states.available });
    return identity;
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    await attempts.discard();
    if (error.hresult === attestErrors.attemptsExceeded) await reportKeyState(context, hooks);
    throw await givenUp(context, timer, error);
  }
}

async function repeat(context: AttestContext, timer: SecuringTimer, attempts: Attempts): Promise<AttestedIdentity> {
  const { events } = context;
  for (let number = 1; ; number += 1) {
    events.emit('autopilot', 177, { Attempt: number, MaxAttempts: MOST_ATTEMPTS });
    try {
      return await attempts.run();
    } catch (error) {
      if (!(error instanceof AttestationError) || error.final) throw error;
      timer.check();
      if (number === MOST_ATTEMPTS) {
        events.emit('autopilot', 189);
        throw new AttestationError(attestErrors.attemptsExceeded, `Ten attempts failed, the last with ${error.message}`, true, {
          cause: error,
        });
      }
      events.emit('autopilot', 182, { WaitMs: RETRY_MS });
      await timer.wait(RETRY_MS, `TPM attestation is tried again after ${error.message}`);
      events.emit('autopilot', 183);
    }
  }
}

/** What the identity service thinks of a TPM that could not be attested: a revoked EK never will be (reference 05, 40). */
async function reportKeyState({ events, timeline }: AttestContext, { updateIdentity }: SecuringHooks): Promise<void> {
  try {
    events.emit('autopilot', 176, keyStates(await updateIdentity(), false));
  } catch (error) {
    if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
    timeline.note({ kind: 'local', what: `The key state is not known: ${error.message}` });
  }
}

/** Events of the end: after a timeout the page speaks for itself (reference 05, 29 and 31). */
async function givenUp({ events }: AttestContext, timer: SecuringTimer, error: AttestationError): Promise<AttestationError> {
  const incapable = error instanceof IncapableTpmError;
  const timedOut = error.hresult === attestErrors.timeout && !incapable;
  if (timedOut) events.emit('shellcore', 62407, { name: 'CommercialOOBE_ESPProgress_TPMAttestation_TimedOut' });
  else {
    events.emit('autopilot', 171, { HRESULT: hex(error.hresult) });
    events.emit('autopilot', 172, { HRESULT: hex(error.hresult) });
    events.emit('autopilot', 156);
  }
  events.emit('autopilot', 153, { From: states.attesting, To: states.unavailable });
  return incapable ? timer.runOut(error.message) : error;
}
