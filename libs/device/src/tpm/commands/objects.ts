import { publicKeyOfArea } from '@greenscreen/crypto/tpm';
import { decodePublicArea, encodePublicArea, type PublicArea, tpm2b, tpmHandles, type TpmReader, tpmU32 } from '@greenscreen/wire/tpm';
import { TpmError, type TpmKey } from '../tpm.js';
import { type Answer, run, TPM_RC_HANDLE } from './command.js';
import { type TpmTransport } from './transport.js';

/** A key that the TPM has just made. */
export interface CreatedObject {
  /** Transient. */
  readonly handle: number;
  /** TPMT_PUBLIC. */
  readonly area: Buffer;
  /** TPMS_CREATION_DATA. */
  readonly creationData: Buffer;
  readonly creationHash: Buffer;
  /** TPMT_TK_CREATION. */
  readonly ticket: Buffer;
}

/** Sensitive part without a password, template, no outside info, no PCRs. */
const creationParameters = (template: PublicArea): Buffer[] => [
  tpm2b(tpm2b(), tpm2b()),
  tpm2b(encodePublicArea(template)),
  tpm2b(),
  tpmU32(0),
];

/** TPM2_CreatePrimary. */
export async function createPrimary(transport: TpmTransport, hierarchy: number, template: PublicArea): Promise<CreatedObject> {
  const { handle, parameters } = await run(transport, {
    name: 'createPrimary',
    handles: [hierarchy],
    authorizations: ['password'],
    parameters: creationParameters(template),
  });
  const area = Buffer.from(parameters.sized());
  const creationData = Buffer.from(parameters.sized());
  const creationHash = Buffer.from(parameters.sized());
  const ticket = Buffer.concat([parameters.take(TICKET_HEAD), tpm2b(parameters.sized())]);
  return { handle, area, creationData, creationHash, ticket };
}
/** TPMT_TK_CREATION: tag and hierarchy stand in front of the digest. */
const TICKET_HEAD = 6;

/** TPM2_Create and TPM2_Load below a storage key. */
export async function createAndLoad(
  transport: TpmTransport,
  parent: number,
  template: PublicArea,
): Promise<Pick<CreatedObject, 'handle' | 'area'>> {
  const below = { handles: [parent], authorizations: ['password'] } as const;
  const { parameters } = await run(transport, { name: 'create', ...below, parameters: creationParameters(template) });
  const wrapped = parameters.sized();
  const area = Buffer.from(parameters.sized());
  const { handle } = await run(transport, { name: 'load', ...below, parameters: [tpm2b(wrapped), tpm2b(area)] });
  return { handle, area };
}

/** TPM2_ReadPublic; undefined when there is no such object. */
export async function readPublic(transport: TpmTransport, handle: number): Promise<Buffer | undefined> {
  try {
    const { parameters } = await run(transport, { name: 'readPublic', handles: [handle] });
    return Buffer.from(parameters.sized());
  } catch (error) {
    if (error instanceof TpmError && error.code === TPM_RC_HANDLE) return undefined;
    throw error;
  }
}

/** Makes a transient object persistent; the transient one goes, whatever comes of it. */
export async function persist(transport: TpmTransport, transient: number, persistent: number): Promise<void> {
  try {
    await evictControl(transport, transient, persistent);
  } finally {
    await flush(transport, transient);
  }
}

/** TPM2_EvictControl: makes an object persistent, or removes one whose handle is its own. */
export const evictControl = (transport: TpmTransport, object: number, persistent: number): Promise<Answer> =>
  run(transport, {
    name: 'evictControl',
    handles: [tpmHandles.owner, object],
    authorizations: ['password'],
    parameters: [tpmU32(persistent)],
  });

/** TPM2_FlushContext of an object or session. */
export const flush = (transport: TpmTransport, handle: number): Promise<Answer> =>
  run(transport, { name: 'flushContext', parameters: [tpmU32(handle)] });

export const keyOf = (handle: number, area: Buffer): TpmKey => ({
  handle,
  publicArea: area,
  publicKey: publicKeyOfArea(decodePublicArea(area)),
});

/** TPM2B_ATTEST, TPMT_SIGNATURE of an RSA key. The session area behind them is left alone. */
export function readStatement(parameters: TpmReader): { attest: Buffer; signature: Buffer } {
  const attest = Buffer.from(parameters.sized());
  const head = parameters.take(4); // scheme and hash
  return { attest, signature: Buffer.concat([head, tpm2b(parameters.sized())]) };
}
