import { createHash } from 'node:crypto';
import { type ContextItem, type ModeFlag } from '@greenscreen/wire/wstep';
import { type DeviceTraits, editions, osVersion } from '../context/index.js';

/** Which enrollment Windows asks for. */
export type EnrollmentMode = 'whiteGlove' | 'whiteGloveHybrid' | 'selfDeploying' | 'userDriven' | 'personal';

const flags: Readonly<Record<EnrollmentMode, ModeFlag | undefined>> = {
  whiteGlove: 'WhiteGlove',
  whiteGloveHybrid: 'WhiteGloveHybridJoin',
  selfDeploying: 'PlugAndForget',
  userDriven: undefined,
  personal: undefined,
};

/** What the AIK says of the key that the certificate is for. */
export interface EnrollmentAttestation {
  /** Public area of the AIK. */
  readonly aikPublic: Buffer;
  readonly claim: Buffer;
}

export interface EnrollmentFacts {
  /** 32 upper-case hex: one per Windows installation. */
  readonly deviceId: string;
  readonly deviceName: string;
  readonly mode: EnrollmentMode;
  /** `ZtdRegistrationId` of the Autopilot policy. */
  readonly ztdRegistrationId?: string | undefined;
  /** Of an offline profile; sent only when there is no registration id. */
  readonly ztdCorrelationId?: string | undefined;
  /** EnrollmentVersion of the discovery answer. */
  readonly version: string | undefined;
  readonly attestation?: EnrollmentAttestation | undefined;
  /** Of a machine that belongs to a domain. */
  readonly domainName?: string | undefined;
}

/** Majors that switch the attestation claim on (reference 04, 1.3 [win-capture]). */
const CLAIM_MAJORS = ['4', '5', '6', '7', '8'];
/** Windows 11 24H2. */
const NAMES_ITSELF = 26_100;

/** HWDevID: the same for the hardware through every reset (06 D-B25). */
export const hardwareDeviceId = ({ smbiosUuid, serial }: DeviceTraits): string =>
  createHash('sha256').update(`${smbiosUuid}|${serial}`, 'utf8').digest('hex').toUpperCase();

/** The items of AdditionalContext in the native client's way (reference 04, 3.1; 06 D-B13). */
export function contextItems(traits: DeviceTraits, facts: EnrollmentFacts): ContextItem[] {
  const claims = facts.version === undefined || CLAIM_MAJORS.includes(facts.version.split('.')[0] ?? '');
  const flag = flags[facts.mode];
  return [
    ['UXInitiated', 'true'],
    ['HWDevID', hardwareDeviceId(traits)],
    ['Locale', traits.locale],
    ['TargetedUserLoggedIn', String(facts.mode === 'personal')],
    ['EnrollmentData', 'null'],
    ...zeroTouch(facts),
    ...(flag === undefined ? [] : [[flag, 'true'] as const]),
    ['OSEdition', String(editions[traits.edition])],
    ['DeviceName', facts.deviceName],
    ...(facts.domainName === undefined ? [] : [['DomainName', facts.domainName] as const]),
    ...traits.macAddresses.map((address) => ['MAC', address] as const),
    ['DeviceID', facts.deviceId],
    ['EnrollmentType', facts.mode === 'personal' ? 'Full' : 'Device'],
    ['DeviceType', 'CIMClient_Windows'],
    ['OSVersion', osVersion(traits)],
    ['ApplicationVersion', osVersion(traits)],
    ['NotInOobe', 'false'],
    ['RequestVersion', claims ? (facts.version ?? '5.0') : '9.0'],
    ...(Number(traits.osBuild.split('.')[0]) >= NAMES_ITSELF ? itself(traits) : []),
    ...(claims && facts.attestation ? claim(facts.attestation) : noClaim),
  ].map(([name = '', value = '']) => ({ name, value }));
}

type Item = readonly [name: string, value: string];

/** Registration id or, only without one, the correlation id of an offline profile (reference 04, 3.1 [win-static]). */
function zeroTouch({ ztdRegistrationId, ztdCorrelationId }: EnrollmentFacts): Item[] {
  if (ztdRegistrationId !== undefined) return [['ZeroTouchProvisioning', ztdRegistrationId]];
  return ztdCorrelationId === undefined ? [] : [['OfflineAutoPilotEnrollmentCorrelator', ztdCorrelationId]];
}

const itself = ({ manufacturer, model, serial }: DeviceTraits): Item[] => [
  ['Manufacturer', manufacturer],
  ['DeviceModel', model],
  ['SerialNumber', serial],
];

const claim = ({ aikPublic, claim: statement }: EnrollmentAttestation): Item[] => [
  ['AIKPub', aikPublic.toString('base64')],
  ['AIKAttestationClaim', statement.toString('base64')],
];

const noClaim: readonly Item[] = [
  ['AttestationStatus', 'Status=AttestationResultNoAttestation;AttestationErrorMsg=No AIK algorithms provided'],
  ['AttestationStatusHResult', '0x80070057'],
];
