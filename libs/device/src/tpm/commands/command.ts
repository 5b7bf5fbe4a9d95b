import { tpm2b, tpmHandles, TpmReader, tpmU16, tpmU32, tpmU8 } from '@greenscreen/wire/tpm';
import { TpmError } from '../tpm.js';
import { type TpmTransport } from './transport.js';

/** TPM_CC (TPM 2.0 Structures, 6.5.2). */
export const commandCodes = {
  evictControl: 0x120,
  undefineSpace: 0x122,
  defineSpace: 0x12a,
  createPrimary: 0x131,
  nvWrite: 0x137,
  startup: 0x144,
  activateCredential: 0x147,
  certify: 0x148,
  certifyCreation: 0x14a,
  nvRead: 0x14e,
  policySecret: 0x151,
  create: 0x153,
  load: 0x157,
  rsaDecrypt: 0x159,
  sign: 0x15d,
  flushContext: 0x165,
  getCapability: 0x17a,
  nvReadPublic: 0x169,
  readPublic: 0x173,
  startAuthSession: 0x176,
} as const;
export type CommandName = keyof typeof commandCodes;

/** TPM_RC_HANDLE on the first handle: there is no such object or index. */
export const TPM_RC_HANDLE = 0x18b;

const WITHOUT_SESSIONS = 0x8001;
const WITH_SESSIONS = 0x8002;

/** Commands whose answer begins with a handle. */
const givesHandle: readonly CommandName[] = ['createPrimary', 'load', 'startAuthSession'];

export interface Command {
  readonly name: CommandName;
  readonly handles?: readonly number[];
  /** Sessions that authorise, in the order of the handles that need it; the empty password unless a session's handle is given. */
  readonly authorizations?: readonly ('password' | number)[];
  readonly parameters?: readonly Buffer[];
}

export interface Answer {
  readonly handle: number;
  readonly parameters: TpmReader;
}

/** Sends a command; a response code other than 0 is a {@link TpmError}. */
export async function run(transport: TpmTransport, { name, handles = [], authorizations = [], parameters = [] }: Command): Promise<Answer> {
  const sessions = authorizations.length > 0;
  const area = Buffer.concat(authorizations.map((given) => authorization(given === 'password' ? tpmHandles.password : given)));
  const body = Buffer.concat([...handles.map(tpmU32), ...(sessions ? [tpmU32(area.length), area] : []), ...parameters]);
  const head = [tpmU16(sessions ? WITH_SESSIONS : WITHOUT_SESSIONS), tpmU32(10 + body.length), tpmU32(commandCodes[name])];
  const { tag, code, answer } = await transmitPatiently(transport, Buffer.concat([...head, body]));
  if (code !== 0) throw new TpmError(code, `TPM2_${name}: 0x${code.toString(16)}`);
  const handle = givesHandle.includes(name) ? answer.u32() : 0;
  if (tag === WITH_SESSIONS) answer.u32();
  return { handle, parameters: answer };
}

/** The TPM was busy with itself: TPM_RC_YIELDED, TESTING, NV_RATE, RETRY. The same command will do. */
const busy: readonly number[] = [0x908, 0x90a, 0x920, 0x922];
const MOST_TRIES = 5;

async function transmitPatiently(transport: TpmTransport, command: Buffer): Promise<{ tag: number; code: number; answer: TpmReader }> {
  for (let tries = 1; ; tries += 1) {
    const answer = new TpmReader(await transport.transmit(command));
    const tag = answer.u16();
    answer.u32();
    const code = answer.u32();
    if (!busy.includes(code) || tries === MOST_TRIES) return { tag, code, answer };
  }
}

/** TPMS_AUTH_COMMAND without nonce and HMAC: the password, or a policy that is satisfied already. */
const authorization = (session: number): Buffer => Buffer.concat([tpmU32(session), tpm2b(), tpmU8(0), tpm2b()]);
