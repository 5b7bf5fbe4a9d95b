import { ekCertificateIndices, tpm2b, tpmAlgorithms, tpmHandles, tpmU16, tpmU32 } from '@greenscreen/wire/tpm';
import { TpmError } from '../tpm.js';
import { run } from './command.js';
import { type TpmTransport } from './transport.js';

/** TPMA_NV: owner and index may write and read, lock-out does not apply (TPM 2.0 Structures, 13.4). */
const ATTRIBUTES = (1 << 1) | (1 << 2) | (1 << 17) | (1 << 18) | (1 << 25);
/** Every TPM takes this much at a time (TPM2_PT_NV_BUFFER_MAX). */
const CHUNK = 512;
/** TPM_RC_HANDLE on the first handle: there is no such index. */
const NO_SUCH_INDEX = 0x18b;

type EkKind = keyof typeof ekCertificateIndices;

/** The EK certificate's NV index as it stands; undefined when there is none. */
export async function readNv(transport: TpmTransport, ek: EkKind): Promise<Buffer | undefined> {
  const index = ekCertificateIndices[ek];
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

/** Defines the EK certificate's NV index anew and fills it. */
export async function writeNv(transport: TpmTransport, ek: EkKind, der: Buffer): Promise<void> {
  const index = ekCertificateIndices[ek];
  const owner = { handles: [tpmHandles.owner], authorizations: ['password'] } as const;
  if ((await sizeOf(transport, index)) !== undefined)
    await run(transport, { name: 'undefineSpace', handles: [tpmHandles.owner, index], authorizations: ['password'] });
  const description = tpm2b(tpmU32(index), tpmU16(tpmAlgorithms.sha256), tpmU32(ATTRIBUTES), tpm2b(), tpmU16(der.length));
  await run(transport, { name: 'defineSpace', ...owner, parameters: [tpm2b(), description] });
  for (let offset = 0; offset < der.length; offset += CHUNK)
    await run(transport, {
      name: 'nvWrite',
      handles: [tpmHandles.owner, index],
      authorizations: ['password'],
      parameters: [tpm2b(der.subarray(offset, offset + CHUNK)), tpmU16(offset)],
    });
}

async function sizeOf(transport: TpmTransport, index: number): Promise<number | undefined> {
  try {
    const { parameters } = await run(transport, { name: 'nvReadPublic', handles: [index] });
    return parameters.sized().readUInt16BE(12);
  } catch (error) {
    if (error instanceof TpmError && error.code === NO_SUCH_INDEX) return undefined;
    throw error;
  }
}
