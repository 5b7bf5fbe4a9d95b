import { attributeOf, childOf, childText, isElement, type Markup, xml } from '../xml/index.js';
import { MsaMessageError } from './error.js';
import { parseMessage } from './message.js';
import { msaTime } from './namespaces.js';

/** MSA key state of a device's TPM, as the server sees it (reference 01, 4.1; event 176). */
export const tpmKeyStates = { none: 0, invalid: 1, software: 2, unattested: 3, attested: 4, revoked: 5, disabled: 6 } as const;

/** What a successful device add answers. Ids are 16 upper-case hex digits. */
export interface DeviceAddAnswer {
  /** HWDeviceID: hardware. */
  readonly hwDeviceId: string;
  /** GlobalDeviceID and `puid`: one per Windows installation. */
  readonly globalDeviceId: string;
  /** One of {@link tpmKeyStates}. */
  readonly tpmKeyState: number;
  /** What the licence signs for; opaque to everyone [our choice]. */
  readonly license: Buffer;
  readonly serverTime: Date;
}

const NONE = '';
const SERVER = 'GREENSCREEN1 16.0.0.0';

/**
 * The answer with every member that a client deserialises. `Success`, `success` and `puid` are spelt as older clients search for them
 * (reference 01, 4.1).
 */
export function encodeDeviceAddResponse({ hwDeviceId, globalDeviceId, tpmKeyState, license, serverTime }: DeviceAddAnswer): Buffer {
  const time = msaTime(serverTime);
  const licenseOf = (type: string): Markup =>
    xml`<License><SPLicenseBlock>${license.toString('base64')}</SPLicenseBlock><LicenseInfo Type="${type}"><IssuedDate>${time}</IssuedDate></LicenseInfo><Binding Binding_Type="Device"><DeviceID>${globalDeviceId}</DeviceID></Binding></License>`;
  return xml`<DeviceAddResponse Success="true"><success>true</success><puid>${globalDeviceId}</puid><DeviceTpmKeyState>${tpmKeyState}</DeviceTpmKeyState>${licenseOf('Device')}<KeyHolderLicense>${licenseOf('KeyHolder')}</KeyHolderLicense><HWDeviceID>${hwDeviceId}</HWDeviceID><GlobalDeviceID>${globalDeviceId}</GlobalDeviceID><LicenseKeySequence>0</LicenseKeySequence><LicenseSignatureKeyVersion>2</LicenseSignatureKeyVersion><ServerInfo ServerTime="${time}">${SERVER}</ServerInfo></DeviceAddResponse>`.toBuffer();
}

/** A refusal [inferred from the CRM client's members]. */
export interface DeviceAddFailure {
  /** `dc…` */
  readonly code: string;
  readonly subcode: string;
}

export const encodeDeviceAddFailure = ({ code, subcode }: DeviceAddFailure): Buffer =>
  xml`<DeviceAddResponse Success="false"><success>false</success><Error Code="${code}"/><ErrorSubcode>${subcode}</ErrorSubcode></DeviceAddResponse>`.toBuffer();

export type ReceivedDeviceAdd =
  ({ readonly success: true } & Omit<DeviceAddAnswer, 'license'>) | ({ readonly success: false } & DeviceAddFailure);

/** What the client takes from an answer; throws {@link MsaMessageError} when it is none. */
export function decodeDeviceAddResponse(body: Uint8Array): ReceivedDeviceAdd {
  const root = parseMessage(body);
  if (!isElement(root, NONE, 'DeviceAddResponse')) throw new MsaMessageError('not a DeviceAddResponse');
  const text = (name: string): string => childText(root, NONE, name) ?? '';
  if (attributeOf(root, 'Success') !== 'true') {
    const error = childOf(root, NONE, 'Error');
    return { success: false, code: (error && attributeOf(error, 'Code')) ?? '', subcode: text('ErrorSubcode') };
  }
  const info = childOf(root, NONE, 'ServerInfo');
  const serverTime = new Date((info && attributeOf(info, 'ServerTime')) ?? '');
  const answer = { hwDeviceId: text('HWDeviceID'), globalDeviceId: text('GlobalDeviceID'), serverTime };
  const tpmKeyState = Number(text('DeviceTpmKeyState') || Number.NaN);
  if (answer.hwDeviceId === '' || answer.globalDeviceId === '' || Number.isNaN(tpmKeyState) || Number.isNaN(serverTime.getTime()))
    throw new MsaMessageError('a DeviceAddResponse lacks members');
  return { success: true, ...answer, tpmKeyState };
}
