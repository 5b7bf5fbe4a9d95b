import { rsaNumbers } from '@greenscreen/crypto/keys';
import { ekHashOf } from '@greenscreen/wire/hardware-hash';
import {
  componentsOfFacts,
  decodeDeviceAddResponse,
  encodeDeviceAddRequest,
  MSA_REQUEST_TYPE,
  msaAddresses,
  MsaMessageError,
  msaUserAgent,
  type ReceivedDeviceAdd,
} from '@greenscreen/wire/msa';
import { type DeviceContext, type DeviceResponse, hresultOfStatus } from '../context/index.js';
import { type Tpm } from '../tpm/index.js';
import { type DeviceAccount, deviceAccount, noteGlobalDeviceId } from './device-account.js';
import { BAD_CREDENTIALS, httpOf, MsaError, UNREADABLE } from './msa-error.js';

/** What wlidsvc needs of the device. */
export type MsaContext = Pick<DeviceContext, 'network' | 'random' | 'clock' | 'traits' | 'registry'> & {
  readonly tpm: Pick<Tpm, 'endorsementKey'>;
};

/** A Windows installation as login.live.com knows it. */
export interface DeviceIdentity extends DeviceAccount {
  /** HWDeviceID (DDID): the hardware's. */
  readonly hwDeviceId: string;
  /** GlobalDeviceID: the installation's. */
  readonly globalDeviceId: string;
  /** DeviceTpmKeyState when the identity was read; 4 is attested. */
  readonly tpmKeyState: number;
}

/**
 * Adds the device, or updates it when this installation has an account (reference 01, 4.1; 06, D-A5): the password is kept in the registry.
 * Throws {@link MsaError} for a refusal, NetworkError when there was no answer.
 */
export async function addDevice(context: MsaContext): Promise<DeviceIdentity> {
  const account = deviceAccount(context);
  const response = await context.network.http({
    service: 'msa',
    operation: 'DeviceAdd',
    method: 'POST',
    url: msaAddresses.deviceAdd,
    headers: { 'Content-Type': MSA_REQUEST_TYPE, 'User-Agent': msaUserAgent(context.traits.osBuild) },
    body: encodeDeviceAddRequest({ ...account, ...hardwareOf(context) }),
  });
  const answer = answerOf(response);
  noteGlobalDeviceId(context.registry, answer.globalDeviceId);
  const { hwDeviceId, globalDeviceId, tpmKeyState } = answer;
  return { ...account, hwDeviceId, globalDeviceId, tpmKeyState };
}

/**
 * Repeats the device add, as Windows does when its TPM key has been attested, and tells the DeviceTpmKeyState that the service now sees.
 * Events 168 and 176 are the caller's, who knows what it was waiting for. Throws as {@link addDevice} does.
 */
export async function updateIdentity(context: MsaContext, identity: Pick<DeviceIdentity, 'globalDeviceId'>): Promise<number> {
  const updated = await addDevice(context);
  if (updated.globalDeviceId !== identity.globalDeviceId)
    throw new MsaError(UNREADABLE, `The update answered for ${updated.globalDeviceId} instead of ${identity.globalDeviceId}`);
  return updated.tpmKeyState;
}

/** The EK goes along twice: as the id of hash record 11, and, if it is RSA, as a key (06, D-A4). */
function hardwareOf({ traits, tpm }: MsaContext) {
  const facts = { serial: traits.serial, smbiosUuid: traits.smbiosUuid, model: traits.model };
  if (traits.tpm.kind === 'none') return { components: componentsOfFacts(facts) };
  const { publicKey } = tpm.endorsementKey;
  return {
    components: componentsOfFacts({ ...facts, ekHash: ekHashOf(publicKey) }),
    ...(publicKey.asymmetricKeyType === 'rsa' ? { tpmKey: rsaNumbers(publicKey) } : {}),
  };
}

function answerOf(response: DeviceResponse): ReceivedDeviceAdd & { success: true } {
  const { status, body } = response;
  const answer = tryDecode(body);
  if (answer?.success) return answer;
  const http = httpOf(response);
  if (answer) throw new MsaError(hresultOfSubcode(answer.subcode), `The device was not added: ${answer.code}`, http);
  throw status === 200
    ? new MsaError(UNREADABLE, 'The answer to the device add cannot be read')
    : new MsaError(hresultOfStatus(status), `HTTP ${status} instead of a device identity`, http);
}

function tryDecode(body: Buffer): ReceivedDeviceAdd | undefined {
  try {
    return decodeDeviceAddResponse(body);
  } catch (error) {
    if (error instanceof MsaMessageError) return undefined;
    throw error;
  }
}

const hresultOfSubcode = (subcode: string): number => (/^0x8[0-9a-f]{7}$/i.test(subcode) ? Number(subcode) : BAD_CREDENTIALS);
