import { randomBytes } from 'node:crypto';
import {
  eccEkTemplate,
  platformKeyTemplate,
  rsaEkTemplate,
  srkTemplate,
  tpm2b,
  tpmAlgorithms,
  tpmHandles,
  tpmU16,
  tpmU32,
  tpmU8,
  windowsAikTemplate,
} from '@greenscreen/wire/tpm';
import { type Certification, type CredentialChallenge, type Tpm, type TpmAik, TpmError, type TpmKey } from '../tpm.js';
import { run, TPM_RC_HANDLE } from './command.js';
import { readEkCertificate, readEkChain, writeEkCertificate, writeEkChain } from './nv.js';
import { createAndLoad, createPrimary, evictControl, flush, keyOf, persist, readPublic, readStatement } from './objects.js';
import { PersistentHandles } from './persistent-handles.js';
import { primaryKey } from './primary-keys.js';
import { startUp } from './startup.js';
import { openTransport, type TpmAddress, type TpmTransport } from './transport.js';

export interface CommandTpmOptions {
  readonly ek: 'rsa2048' | 'ecc';
  /** Runs last when the TPM is closed, also when it cannot be used. */
  readonly onClose?: () => Promise<void>;
}

/** TPM_SE_POLICY. */
const POLICY_SESSION = 1;
/** TPMT_SIG_SCHEME, TPMT_RSA_DECRYPT: the key's own. */
const OWN_SCHEME = tpmU16(tpmAlgorithms.null);
/** TPMT_TK_HASHCHECK of a digest that the TPM did not make (TPM 2.0 Structures, 10.7.6). */
const NO_TICKET = Buffer.concat([tpmU16(0x8024), tpmU32(tpmHandles.null), tpm2b()]);
/** TPM_RC_TICKET */
const TICKET_USED = 0x2a0;

/**
 * A real TPM 2.0, spoken to by command bytes: swtpm somewhere, or the machine's own. Keys that others keep in it are left alone. Throws
 * TpmError, or the error of the socket or file.
 */
export const connectTpm = async (address: TpmAddress, options: CommandTpmOptions): Promise<Tpm> =>
  useTpm(await openTransport(address), options);

/** {@link connectTpm} over a transport that is open already. */
export async function useTpm(transport: TpmTransport, { ek, onClose }: CommandTpmOptions): Promise<Tpm> {
  try {
    await startUp(transport);
    const handles = await PersistentHandles.read(transport);
    const [template, handle] = ek === 'ecc' ? [eccEkTemplate, tpmHandles.eccEk] : [rsaEkTemplate, tpmHandles.rsaEk];
    const endorsementKey = await primaryKey(transport, handles, { hierarchy: tpmHandles.endorsement, template, handle });
    const storageRoot = await primaryKey(transport, handles, {
      hierarchy: tpmHandles.owner,
      template: srkTemplate,
      handle: tpmHandles.srk,
    });
    return new CommandTpm({ transport, handles, endorsementKey, storageRoot, ek, onClose });
  } catch (error) {
    await transport.close();
    await onClose?.();
    throw error;
  }
}

interface Parts {
  readonly transport: TpmTransport;
  readonly handles: PersistentHandles;
  readonly endorsementKey: TpmKey;
  readonly storageRoot: TpmKey;
  readonly ek: 'rsa2048' | 'ecc';
  readonly onClose: (() => Promise<void>) | undefined;
}

class CommandTpm implements Tpm {
  /** Creation hash and ticket of an AIK until it has certified itself. */
  private readonly tickets = new Map<number, { hash: Buffer; ticket: Buffer }>();

  constructor(private readonly parts: Parts) {}

  get endorsementKey(): TpmKey {
    return this.parts.endorsementKey;
  }

  readEkCertificate(): Promise<Buffer | undefined> {
    return readEkCertificate(this.parts.transport, this.parts.ek);
  }

  writeEkCertificate(der: Buffer): Promise<void> {
    return writeEkCertificate(this.parts.transport, this.parts.ek, der);
  }

  readEkChain(): Promise<Buffer> {
    return readEkChain(this.parts.transport);
  }

  writeEkChain(certificates: Buffer): Promise<void> {
    return writeEkChain(this.parts.transport, certificates);
  }

  async createAik(): Promise<TpmAik> {
    const made = await createPrimary(this.parts.transport, tpmHandles.owner, windowsAikTemplate(randomBytes(20)));
    const key = { ...(await this.keep(made)), creationData: made.creationData };
    this.tickets.set(key.handle, { hash: made.creationHash, ticket: made.ticket });
    return key;
  }

  async certifyCreation(aik: TpmAik): Promise<Pick<Certification, 'attest' | 'signature'>> {
    const created = this.tickets.get(aik.handle);
    if (!created) throw new TpmError(TICKET_USED, 'There is no creation ticket for the key any more');
    this.tickets.delete(aik.handle);
    const { parameters } = await run(this.parts.transport, {
      name: 'certifyCreation',
      handles: [aik.handle, aik.handle],
      authorizations: ['password'],
      parameters: [tpm2b(), tpm2b(created.hash), OWN_SCHEME, created.ticket],
    });
    return readStatement(parameters);
  }

  async createKey(): Promise<TpmKey> {
    return this.keep(await createAndLoad(this.parts.transport, this.parts.storageRoot.handle, platformKeyTemplate));
  }

  async sign(key: TpmKey, sha256: Buffer): Promise<Buffer> {
    const { parameters } = await run(this.parts.transport, {
      name: 'sign',
      handles: [key.handle],
      authorizations: ['password'],
      parameters: [tpm2b(sha256), tpmU16(tpmAlgorithms.rsassa), tpmU16(tpmAlgorithms.sha256), NO_TICKET],
    });
    parameters.take(4); // scheme and hash, as asked for
    return Buffer.from(parameters.sized());
  }

  async decryptOaep(key: TpmKey, ciphertext: Buffer): Promise<Buffer> {
    const { parameters } = await run(this.parts.transport, {
      name: 'rsaDecrypt',
      handles: [key.handle],
      authorizations: ['password'],
      parameters: [tpm2b(ciphertext), tpmU16(tpmAlgorithms.oaep), tpmU16(tpmAlgorithms.sha1), tpm2b()],
    });
    return Buffer.from(parameters.sized());
  }

  async activateCredential(aik: TpmKey, { credentialBlob, secret }: CredentialChallenge): Promise<Buffer> {
    const session = await this.endorsementSession();
    try {
      const { parameters } = await run(this.parts.transport, {
        name: 'activateCredential',
        handles: [aik.handle, this.endorsementKey.handle],
        authorizations: ['password', session],
        parameters: [credentialBlob, secret],
      });
      return Buffer.from(parameters.sized());
    } catch (error) {
      // A command that fails leaves its sessions where they are.
      await flush(this.parts.transport, session);
      throw error;
    }
  }

  async certify(key: TpmKey, aik: TpmKey, qualifyingData: Buffer): Promise<Certification> {
    const { parameters } = await run(this.parts.transport, {
      name: 'certify',
      handles: [key.handle, aik.handle],
      authorizations: ['password', 'password'],
      parameters: [tpm2b(qualifyingData), OWN_SCHEME],
    });
    return { publicArea: key.publicArea, ...readStatement(parameters) };
  }

  async readKey(handle: number): Promise<TpmKey> {
    const area = await readPublic(this.parts.transport, handle);
    if (!area) throw new TpmError(TPM_RC_HANDLE, `The TPM has no key 0x${handle.toString(16)}`);
    return keyOf(handle, area);
  }

  async evict({ handle }: TpmKey): Promise<void> {
    this.tickets.delete(handle);
    if (this.parts.handles.release(handle)) await evictControl(this.parts.transport, handle, handle);
  }

  async close(): Promise<void> {
    await this.parts.transport.close();
    await this.parts.onClose?.();
  }

  /** A session that satisfies the EK's policy: PolicySecret(TPM_RH_ENDORSEMENT). */
  private async endorsementSession(): Promise<number> {
    const { transport } = this.parts;
    const { handle } = await run(transport, {
      name: 'startAuthSession',
      handles: [tpmHandles.null, tpmHandles.null],
      parameters: [tpm2b(randomBytes(16)), tpm2b(), tpmU8(POLICY_SESSION), tpmU16(tpmAlgorithms.null), tpmU16(tpmAlgorithms.sha256)],
    });
    try {
      await run(transport, {
        name: 'policySecret',
        handles: [tpmHandles.endorsement, handle],
        authorizations: ['password'],
        parameters: [tpm2b(), tpm2b(), tpm2b(), tpmU32(0)],
      });
      return handle;
    } catch (error) {
      await flush(transport, handle);
      throw error;
    }
  }

  /** Makes a new key persistent at a handle of the device's. */
  private async keep({ handle, area }: { readonly handle: number; readonly area: Buffer }): Promise<TpmKey> {
    const { transport, handles } = this.parts;
    const place = handles.take();
    try {
      await persist(transport, handle, place);
    } catch (error) {
      handles.release(place);
      throw error;
    }
    return keyOf(place, area);
  }
}
