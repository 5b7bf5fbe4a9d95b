import { EK_CHAIN_INDEX, ekCertificateIndices, tpm2b, tpmAlgorithms, tpmHandles, tpmU16, tpmU32 } from '@greenscreen/wire/tpm';
import { TpmError } from '../tpm.js';
import { run, TPM_RC_HANDLE } from './command.js';
import { type TpmTransport } from './transport.js';

/** TPMA_NV: owner and index may write and read, lock-out does not apply (TPM 2.0 Structures, 13.4). */
const ATTRIBUTES = (1 << 1) | (1 << 2) | (1 << 17) | (1 << 18) | (1 << 25);
/** Every TPM takes this much at a time (TPM2_PT_NV_BUFFER_MAX). */
const CHUNK = 512;
/** Every TPM defines indices of this size (TPM2_PT_NV_INDEX_MAX). */
const INDEX_SIZE = 1600;

type EkKind = keyof typeof ekCertificateIndices;

/** The EK certificate's NV index as it stands; undefined when there is none. */
export const readEkCertificate = (transport: TpmTransport, ek: EkKind): Promise<Buffer | undefined> =>
  readIndex(transport, ekCertificateIndices[ek]);

/** Defines the EK certificate's NV index anew and fills it. */
export const writeEkCertificate = (transport: TpmTransport, ek: EkKind, der: Buffer): Promise<void> =>
  writeIndex(transport, ekCertificateIndices[ek], der);

/** The content of the chain's indices, one after the other; empty when there are none. */
export async function readEkChain(transport: TpmTransport): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let index = EK_CHAIN_INDEX; ; index += 1) {
    const part = await readIndex(transport, index);
    if (!part) return Buffer.concat(parts);
    parts.push(part);
  }
}

/** Spreads the chain over as many indices as it needs; those of a longer one before it go. */
export async function writeEkChain(transport: TpmTransport, certificates: Buffer): Promise<void> {
  let index = EK_CHAIN_INDEX;
  for (let offset = 0; offset < certificates.length; offset += INDEX_SIZE, index += 1)
    await writeIndex(transport, index, certificates.subarray(offset, offset + INDEX_SIZE));
  for (; (await sizeOf(transport, index)) !== undefined; index += 1) await removeIndex(transport, index);
}

async function readIndex(transport: TpmTransport, index: number): Promise<Buffer | undefined> {
  const size = await sizeOf(transport, index);
  if (size === undefined) return undefined;
  const parts: Buffer[] = [];
  for (let offset = 0; offset < size; offset += CHUNK) {
    const { parameters } = await run(transport, {
      name: 'nvRead',
      handles: [tpmHandles.owner, index],
      authorizations: ['password'],
      parameters: [tpmU16(Math.min(CHUNK, size - offset)), tpmU16(offset)],
    });
    parts.push(Buffer.from(parameters.sized()));
  }
  return Buffer.concat(parts);
}

async function writeIndex(transport: TpmTransport, index: number, content: Buffer): Promise<void> {
  if ((await sizeOf(transport, index)) !== undefined) await removeIndex(transport, index);
  const description = tpm2b(tpmU32(index), tpmU16(tpmAlgorithms.sha256), tpmU32(ATTRIBUTES), tpm2b(), tpmU16(content.length));
  await run(transport, {
    name: 'defineSpace',
    handles: [tpmHandles.owner],
    authorizations: ['password'],
    parameters: [tpm2b(), description],
  });
  for (let offset = 0; offset < content.length; offset += CHUNK)
    await run(transport, {
      name: 'nvWrite',
      handles: [tpmHandles.owner, index],
      authorizations: ['password'],
      parameters: [tpm2b(content.subarray(offset, offset + CHUNK)), tpmU16(offset)],
    });
}

const removeIndex = (transport: TpmTransport, index: number) =>
  run(transport, { name: 'undefineSpace', handles: [tpmHandles.owner, index], authorizations: ['password'] });

async function sizeOf(transport: TpmTransport, index: number): Promise<number | undefined> {
  try {
    const { parameters } = await run(transport, { name: 'nvReadPublic', handles: [index] });
    return parameters.sized().readUInt16BE(12);
  } catch (error) {
    if (error instanceof TpmError && error.code === TPM_RC_HANDLE) return undefined;
    throw error;
  }
}
