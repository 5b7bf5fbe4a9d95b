/** Windows editions by their product number, as `OSEdition` and `X-OsEdition` carry it. */
export const editions = { Pro: 48, Enterprise: 4, Education: 121, Core: 101 } as const;

/** What a simulated PC is made of (reference 05, C.2). */
export interface DeviceTraits {
  readonly serial: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly sku: string;
  readonly systemFamily: string;
  /** Lower-case GUID. */
  readonly smbiosUuid: string;
  /** `02-00-5E-10-00-01`; at least one. */
  readonly macAddresses: readonly string[];
  /** `26100.2454` */
  readonly osBuild: string;
  readonly edition: keyof typeof editions;
  readonly locale: string;
  /** Id of the Windows product key, as the OA3 tool reports it; none unless given. */
  readonly productKeyId?: string | undefined;
  readonly tpm: {
    readonly kind: 'discrete' | 'firmware' | 'none';
    readonly vendor: 'IFX' | 'STM' | 'NTC' | 'INTC' | 'AMD' | 'QCOM' | 'MSFT';
    readonly firmware: string;
    /** Specification; 2.0 unless given. */
    readonly spec?: '2.0' | '1.2' | undefined;
    /** Known vulnerabilities that Windows' own check finds; none unless given. */
    readonly vulnerabilityFlags?: number | undefined;
    /** A TPM that refuses to make or use keys (reference 05, 46). */
    readonly fault?: 'none' | 'bad_keyset' | 'locked' | 'fips' | 'internal' | undefined;
    readonly ek: {
      readonly alg: 'rsa2048' | 'ecc';
      readonly cert: 'nv' | 'fetch' | 'absent';
      /** Whether this Windows knows Intel's on-die authorities (reference 05, 36); it does unless given. */
      readonly odcaSupported?: boolean | undefined;
    };
  };
  /** What the device does when AutopilotManager unjoins it (reference 05, A.4; 06 D-B63). `skip` leaves the step out: only tests want that. */
  readonly unjoin: 'local' | 'drs-delete' | 'skip';
  /** Flips a bit of the activated secret, so that the challenge is answered wrongly. Only tests want that. */
  readonly corruptChallengeAnswer: boolean;
  /** Layout of the Enrollment Status Page: of 1903, joining shows its errors on its own line (reference 05, trap 1). Modern unless given. */
  readonly ui?: 'modern' | 'classic1903' | undefined;
  /** What becomes of the Intune Management Extension (06 D-B64): its MSI never gets further, or fails, or it makes no tracking policies. */
  readonly ime?: 'ok' | 'stall' | 'fail' | 'no-tracking' | undefined;
  /** Logical processors; enough unless given (reference 05, 92). */
  readonly processors?: number | undefined;
  /** Writes to user-scope nodes that are refused although the user is there (06 D-B64); none unless given. */
  readonly userScope405?: number | undefined;
  /** The network that the PC is in; nothing is wrong with it unless given. */
  readonly network?: NetworkTraits | undefined;
  /** The Microsoft Account Sign-in Assistant; it runs unless given (reference 05, 14). */
  readonly wlidsvc?: 'running' | 'disabled' | undefined;
  readonly enroll?: EnrollTraits | undefined;
  /** An image from before KB4505903, whose update page fails (reference 05, 26). */
  readonly updatePage?: 'ok' | 'fail' | undefined;
  /** Autopilot Reset has just reset this PC (reference 05, 28). */
  readonly afterAutopilotReset?: boolean | undefined;
}

/** What lies between a PC and the cloud (reference 05, C.2 `network`; 06, D-A72). */
export interface NetworkTraits {
  /** What Windows' connectivity probe finds. */
  readonly ncsi: 'ok' | 'fail';
  /** Whether time.windows.com answers. */
  readonly ntp: 'ok' | 'fail';
  /** Host names, in lower case, that do not resolve. */
  readonly unresolved: readonly string[];
  /** A captive portal, or a proxy that inspects TLS and whose root the PC lacks. */
  readonly proxy: 'none' | 'html200' | 'tls_inspect';
}

/** What is wrong with MDM enrollment on this PC (reference 05, C.2 `enroll`). */
export interface EnrollTraits {
  /** Context items that RST leaves out. */
  readonly omit: readonly string[];
  /** The key of the request cannot be made (reference 05, 77). */
  readonly keyFault: boolean;
}

/** `10.0.26100.2454` */
export const osVersion = (traits: Pick<DeviceTraits, 'osBuild'>): string => `10.0.${traits.osBuild}`;
