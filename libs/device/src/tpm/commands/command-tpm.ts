import { randomBytes } from 'node:crypto';
import { publicKeyOfArea } from '@greenscreen/crypto/tpm';
import {
  decodePublicArea,
  eccEkTemplate,
  encodePublicArea,
  platformKeyTemplate,
  type PublicArea,
  rsaEkTemplate,
  srkTemplate,
  tpm2b,
  tpmAlgorithms,
  tpmHandles,
  type TpmReader,
  tpmU16,
  tpmU32,
  tpmU8,
  windowsAikTemplate,
} from '@greenscreen/wire/tpm';
import { type Certification, type CredentialChallenge, type Tpm, type TpmAik, TpmError, type TpmKey } from '../tpm.js';
import { run } from './command.js';
import { readNv, writeNv } from './nv.js';
import { openTransport, type TpmAddress, type TpmTransport } from './transport.js';

export interface CommandTpmOptions {
  readonly ek: 'rsa2048' | 'ecc';
  /** Runs last when the TPM is closed, also when it cannot be used. */
  readonly onClose?: () => Promise<void>;
}

/** Persistent handles from here on are the device's keys: a TPM without a resource manager has three slots for transient ones. */
const FIRST_HANDLE = 0x81010200;
/** TPM_SE_POLICY. */
const POLICY_SESSION = 1;
/** TPMT_SIG_SCHEME, TPMT_RSA_DECRYPT: the key's own. */
const OWN_SCHEME = tpmU16(tpmAlgorithms.null);
/** TPMT_TK_HASHCHECK of a digest that the TPM did not make (TPM 2.0 Structures, 10.7.6). */
const NO_TICKET = Buffer.concat([tpmU16(0x8024), tpmU32(tpmHandles.null), tpm2b()]);

/** A real TPM 2.0, spoken to by command bytes: swtpm somewhere, or the machine's own. */
export const connectTpm = async (address: TpmAddress, options: CommandTpmOptions): Promise<Tpm> =>
  useTpm(await openTransport(address), options);

/** {@link connectTpm} over a transport that is open already. */
export async function useTpm(transport: TpmTransport, { ek, onClose }: CommandTpmOptions): Promise<Tpm> {
  try {
    const endorsementKey = await makeEndorsementKey(transport, ek);
    return new CommandTpm(transport, endorsementKey, await makeStorageRoot(transport), ek, onClose);
  } catch (error) {
    await transport.close();
    await onClose?.();
    throw error;
  }
}

class CommandTpm implements Tpm {
  private nextHandle = FIRST_HANDLE;
  /** Creation hash and ticket of an AIK until it has certified itself. */
  private readonly tickets = new Map<number, { hash: Buffer; ticket: Buffer }>();
  private readonly kept = new Set<number>();

  constructor(
    private readonly transport: TpmTransport,
    readonly endorsementKey: TpmKey,
    private readonly storageRoot: number,
    private readonly ek: 'rsa2048' | 'ecc',
    private readonly onClose: (() => Promise<void>) | undefined,
  ) {}

  readEkCertificate(): Promise<Buffer | undefined> {
    return readNv(this.transport, this.ek);
  }

  writeEkCertificate(der: Buffer): Promise<void> {
    return writeNv(this.transport, this.ek, der);
  }

  async createAik(): Promise<TpmAik> {
    const { handle, area, creationData, creationHash, ticket } = await createPrimary(
      this.transport,
      tpmHandles.owner,
      windowsAikTemplate(randomBytes(20)),
    );
    const key = { ...(await this.persist(handle, area)), creationData };
    this.tickets.set(key.handle, { hash: creationHash, ticket });
    return key;
  }

  async certifyCreation(aik: TpmAik): Promise<Pick<Certification, 'attest' | 'signature'>> {
    const created = this.tickets.get(aik.handle);
    if (!created) throw new TpmError(0x2a0, 'There is no creation ticket for the key any more');
    this.tickets.delete(aik.handle);
    const { parameters } = await run(this.transport, {
      name: 'certifyCreation',
      handles: [aik.handle, aik.handle],
      authorizations: ['password'],
      parameters: [tpm2b(), tpm2b(created.hash), OWN_SCHEME, created.ticket],
    });
    return statementOf(parameters);
  }

  async createKey(): Promise<TpmKey> {
    const { parameters } = await run(this.transport, {
      name: 'create',
      handles: [this.storageRoot],
      authorizations: ['password'],
      parameters: creationParameters(platformKeyTemplate),
    });
    const wrapped = parameters.sized();
    const area = parameters.sized();
    const { handle } = await run(this.transport, {
      name: 'load',
      handles: [this.storageRoot],
      authorizations: ['password'],
      parameters: [tpm2b(wrapped), tpm2b(area)],
    });
    return this.persist(handle, area);
  }

  async sign(key: TpmKey, sha256: Buffer): Promise<Buffer> {
    const { parameters } = await run(this.transport, {
      name: 'sign',
      handles: [key.handle],
      authorizations: ['password'],
      parameters: [tpm2b(sha256), tpmU16(tpmAlgorithms.rsassa), tpmU16(tpmAlgorithms.sha256), NO_TICKET],
    });
    parameters.take(4); // scheme and hash, as asked for
    return Buffer.from(parameters.sized());
  }

  async decryptOaep(key: TpmKey, ciphertext: Buffer): Promise<Buffer> {
    const { parameters } = await run(this.transport, {
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
      const { parameters } = await run(this.transport, {
        name: 'activateCredential',
        handles: [aik.handle, this.endorsementKey.handle],
        authorizations: ['password', session],
        parameters: [credentialBlob, secret],
      });
      return Buffer.from(parameters.sized());
    } catch (error) {
      // A command that fails leaves its sessions where they are.
      await flush(this.transport, session);
      throw error;
    }
  }

  async certify(key: TpmKey, aik: TpmKey, qualifyingData: Buffer): Promise<Certification> {
    const { parameters } = await run(this.transport, {
      name: 'certify',
      handles: [key.handle, aik.handle],
      authorizations: ['password', 'password'],
      parameters: [tpm2b(qualifyingData), OWN_SCHEME],
    });
    return { publicArea: key.publicArea, ...statementOf(parameters) };
  }

  async readKey(handle: number): Promise<TpmKey> {
    const { parameters } = await run(this.transport, { name: 'readPublic', handles: [handle] });
    return keyOf(handle, parameters.sized());
  }

  async evict(key: TpmKey): Promise<void> {
    if (!this.kept.delete(key.handle)) return;
    await evictControl(this.transport, key.handle, key.handle);
  }

  async close(): Promise<void> {
    await this.transport.close();
    await this.onClose?.();
  }

  /** A session that satisfies the EK's policy: PolicySecret(TPM_RH_ENDORSEMENT). */
  private async endorsementSession(): Promise<number> {
    const { handle } = await run(this.transport, {
      name: 'startAuthSession',
      handles: [tpmHandles.null, tpmHandles.null],
      parameters: [tpm2b(randomBytes(16)), tpm2b(), tpmU8(POLICY_SESSION), tpmU16(tpmAlgorithms.null), tpmU16(tpmAlgorithms.sha256)],
    });
    await run(this.transport, {
      name: 'policySecret',
      handles: [tpmHandles.endorsement, handle],
      authorizations: ['password'],
      parameters: [tpm2b(), tpm2b(), tpm2b(), tpmU32(0)],
    });
    return handle;
  }

  private async persist(transient: number, area: Buffer): Promise<TpmKey> {
    const handle = this.nextHandle++;
    await makePersistent(this.transport, transient, handle);
    this.kept.add(handle);
    return keyOf(handle, area);
  }
}

const keyOf = (handle: number, area: Buffer): TpmKey => ({
  handle,
  publicArea: Buffer.from(area),
  publicKey: publicKeyOfArea(decodePublicArea(area)),
});

async function makeEndorsementKey(transport: TpmTransport, ek: 'rsa2048' | 'ecc'): Promise<TpmKey> {
  const [template, persistent] = ek === 'ecc' ? [eccEkTemplate, tpmHandles.eccEk] : [rsaEkTemplate, tpmHandles.rsaEk];
  const { handle, area } = await createPrimary(transport, tpmHandles.endorsement, template);
  await makePersistent(transport, handle, persistent);
  return keyOf(persistent, area);
}

async function makeStorageRoot(transport: TpmTransport): Promise<number> {
  const { handle } = await createPrimary(transport, tpmHandles.owner, srkTemplate);
  await makePersistent(transport, handle, tpmHandles.srk);
  return tpmHandles.srk;
}

/** Sensitive part without a password, template, no outside info, no PCRs. */
const creationParameters = (template: PublicArea): Buffer[] => [
  tpm2b(tpm2b(), tpm2b()),
  tpm2b(encodePublicArea(template)),
  tpm2b(),
  tpmU32(0),
];

async function createPrimary(transport: TpmTransport, hierarchy: number, template: PublicArea) {
  const { handle, parameters } = await run(transport, {
    name: 'createPrimary',
    handles: [hierarchy],
    authorizations: ['password'],
    parameters: creationParameters(template),
  });
  const area = Buffer.from(parameters.sized());
  const creationData = Buffer.from(parameters.sized());
  const creationHash = Buffer.from(parameters.sized());
  const ticket = Buffer.concat([parameters.take(6), tpm2b(parameters.sized())]);
  return { handle, area, creationData, creationHash, ticket };
}

/** What was persistent there before goes: the same seed makes the same primary again. */
async function makePersistent(transport: TpmTransport, transient: number, persistent: number): Promise<void> {
  try {
    await evictControl(transport, transient, persistent);
  } catch (error) {
    if (!(error instanceof TpmError) || error.code !== TPM_RC_NV_DEFINED) throw error;
    await evictControl(transport, persistent, persistent);
    await evictControl(transport, transient, persistent);
  } finally {
    await flush(transport, transient);
  }
}
const TPM_RC_NV_DEFINED = 0x14c;

const evictControl = (transport: TpmTransport, object: number, persistent: number) =>
  run(transport, {
    name: 'evictControl',
    handles: [tpmHandles.owner, object],
    authorizations: ['password'],
    parameters: [tpmU32(persistent)],
  });

const flush = (transport: TpmTransport, handle: number) => run(transport, { name: 'flushContext', parameters: [tpmU32(handle)] });

/** TPM2B_ATTEST, TPMT_SIGNATURE. The session area behind them is left alone. */
function statementOf(parameters: TpmReader): Pick<Certification, 'attest' | 'signature'> {
  const attest = Buffer.from(parameters.sized());
  const head = parameters.take(4); // scheme and hash
  return { attest, signature: Buffer.concat([head, tpm2b(parameters.sized())]) };
}
