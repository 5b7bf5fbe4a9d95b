import { type DeviceTraits, hex } from '../context/index.js';
import { type AttestContext } from './attest-context.js';
import { AttestationError, attestErrors } from './attestation-error.js';

/** First build of Windows 11 21H2 that attests again (KB5013943). */
const FIXED_BUILD = { major: 22000, minor: 675 };

/** What ends the attempt to secure the hardware before it begins (reference 05, 29, 33, 34). */
export function requireCapableDevice({ traits, events }: Pick<AttestContext, 'traits' | 'events'>): void {
  if (traits.tpm.kind === 'none') {
    events.emit('autopilot', 211, { HRESULT: hex(attestErrors.timeout) });
    throw new IncapableTpmError('The device has no TPM 2.0');
  }
  if (hasWindowsDefect(traits)) throw new AttestationError(attestErrors.windowsDefect, 'This build of Windows cannot attest its TPM', true);
  const flags = traits.tpm.vulnerabilityFlags ?? 0;
  if (flags !== 0) {
    events.emit('autopilot', 212, { HRESULT: hex(attestErrors.vulnerableTpm), VulnerabilityDetected: 1, VulnerabilityFlags: flags });
    throw new AttestationError(attestErrors.vulnerableTpm, 'The TPM has a known vulnerability', true);
  }
}

/** The TPM can never be attested. Windows shows nothing until its page has waited to the end. */
export class IncapableTpmError extends AttestationError {
  constructor(message: string, options?: ErrorOptions) {
    super(attestErrors.timeout, message, true, options);
    this.name = 'IncapableTpmError';
  }
}

function hasWindowsDefect({ osBuild }: DeviceTraits): boolean {
  const [major = 0, minor = 0] = osBuild.split('.').map(Number);
  return major === FIXED_BUILD.major && minor < FIXED_BUILD.minor;
}
