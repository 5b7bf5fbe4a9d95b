import { issueProtocolCertificate } from '@greenscreen/crypto/scep';
import { hex } from '../context/index.js';
import { type TpmKey } from '../tpm/index.js';
import { type CertifiedAik, findAikCertificate, installAikCertificate } from './aik/aik-certificate.js';
import { type AikKey, createAikKey } from './aik/aik-key.js';
import { AcquisitionError, enrollAik, type ProtocolIdentity } from './aik/enroll-aik.js';
import { type AttestContext } from './attest-context.js';
import { AttestationError, attestErrors, asAttestationError } from './attestation-error.js';
import { IncapableTpmError } from './capability.js';
import { type EndorsementCertificate, runMaintenanceTask, storedEkCertificate } from './endorsement/maintenance-task.js';
import { isAttested, keyStates } from './msa-key-state.js';
import { SECURING_LIMIT_MS, type SecuringTimer } from './securing-timer.js';

/** Where set-up keeps the computer's name. */
const NAME_KEY = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName';

/** A TPM that the cloud knows to be genuine, and what proves it. */
export interface AttestedIdentity {
  readonly aik: TpmKey;
  /** DER. */
  readonly aikCertificate: Buffer;
  /** DER. */
  readonly ekCertificate: Buffer;
}

/** What the rest of the device does for the TPM configuration. */
export interface SecuringHooks {
  /** Repeats the device add at login.live.com; tells the DeviceTpmKeyState that the service then sees. */
  readonly updateIdentity: () => Promise<number>;
}

/** The attempts of one run: what one has made, the next one need not make again. */
export class Attempts {
  private aik: AikKey | undefined;
  private endorsement: EndorsementCertificate | undefined;
  private protocol: ProtocolIdentity | undefined;

  constructor(
    private readonly context: AttestContext,
    private readonly timer: SecuringTimer,
    private readonly hooks: SecuringHooks,
  ) {}

  /** One attempt, with its events in the order of 06, D-B57 and D-A66. Throws AttestationError. */
  async run(): Promise<AttestedIdentity> {
    const { context, timer } = this;
    try {
      const found = await this.earlier();
      const { aik, ekCertificate } = found ?? (await this.enrolled());
      timer.check();
      context.events.emit('autopilot', 253);
      await this.confirmIdentity();
      return { aik: aik.key, aikCertificate: aik.certificate, ekCertificate };
    } catch (error) {
      throw asAttestationError(error);
    }
  }

  /** An AIK that has no certificate is of no use to anybody. */
  async discard(): Promise<void> {
    if (this.aik) await this.context.tpm.evict(this.aik.key);
    this.aik = undefined;
  }

  /** What an earlier run has achieved: the maintenance task is skipped. */
  private async earlier(): Promise<{ aik: CertifiedAik; ekCertificate: Buffer } | undefined> {
    const { events } = this.context;
    const aik = await findAikCertificate(this.context);
    const ekCertificate = aik && (await storedEkCertificate(this.context));
    if (!ekCertificate) return undefined;
    events.emit('autopilot', 191);
    events.emit('autopilot', 252);
    return { aik, ekCertificate };
  }

  private async enrolled(): Promise<{ aik: CertifiedAik; ekCertificate: Buffer }> {
    const { context, timer } = this;
    const { events } = context;
    if (!this.aik) events.emit('autopilot', 201);
    this.endorsement ??= await runMaintenanceTask(context, timer);
    const key = await this.attestationKey();
    events.emit('autopilot', 252);
    const aik = await this.acquire(key, this.endorsement);
    return { aik, ekCertificate: this.endorsement.ek.certificate.der };
  }

  private async attestationKey(): Promise<AikKey> {
    try {
      this.aik ??= await createAikKey(this.context);
      return this.aik;
    } catch (error) {
      const failure = asAttestationError(error);
      this.context.events.emit('autopilot', 206, { HRESULT: hex(failure.hresult) });
      throw failure;
    }
  }

  /** The AIK acquisition task: 250, 190, the SCEP dialogue, 251 with its outcome, then 205, or what went wrong. */
  private async acquire(aik: AikKey, endorsement: EndorsementCertificate): Promise<CertifiedAik> {
    const { context } = this;
    const { events, clock } = context;
    events.emit('autopilot', 250);
    events.emit('autopilot', 190);
    const startedAt = clock.now().getTime();
    const returned = (hresult: string): void =>
      events.emit('autopilot', 251, {
        HRESULT: hresult,
        ElapsedMicroseconds: (clock.now().getTime() - startedAt) * 1000,
        MaxMs: SECURING_LIMIT_MS,
      });
    try {
      this.protocol ??= await this.protocolIdentity();
      const issued = await enrollAik(context, { aik, endorsement, protocol: this.protocol, machine: machineName(context) });
      returned('0x0');
      events.emit('autopilot', 205);
      // The key belongs to the certificate from here on.
      this.aik = undefined;
      return installAikCertificate(context, aik.key, issued);
    } catch (error) {
      const failure = asAttestationError(error);
      returned(hex(failure.hresult));
      this.report(failure);
      throw this.context.traits.tpm.spec === '1.2' ? new IncapableTpmError('The TPM is no TPM 2.0', { cause: failure }) : failure;
    }
  }

  private report(failure: AttestationError): void {
    const { events } = this.context;
    const stage = failure instanceof AcquisitionError ? failure.stage : 'request';
    if (stage === 'pending') {
      events.emit('autopilot', 204);
      events.emit('autopilot', 254);
    } else events.emit('autopilot', stage === 'discovery' ? 202 : 207, { HRESULT: hex(failure.hresult) });
  }

  private async protocolIdentity(): Promise<ProtocolIdentity> {
    const keys = await this.context.keys.take('rsa2048');
    return { keys, certificate: issueProtocolCertificate(keys, this.context.clock.now()) };
  }

  /** Only an identity that both sides call attested lets pre-provisioning go on (reference 03, 5.2). */
  private async confirmIdentity(): Promise<void> {
    const { events } = this.context;
    const serverState = await this.hooks.updateIdentity();
    events.emit('autopilot', 176, keyStates(serverState, true));
    events.emit('autopilot', 168);
    if (!isAttested(serverState)) throw new AttestationError(attestErrors.notAttested, 'The identity service does not see an attested key');
    events.emit('autopilot', 169);
  }
}

function machineName({ registry }: AttestContext): string {
  const name = registry.get(NAME_KEY, 'ComputerName');
  return typeof name === 'string' ? name : 'WINDOWS';
}
