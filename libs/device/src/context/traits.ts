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
    readonly ek: { readonly alg: 'rsa2048' | 'ecc'; readonly cert: 'nv' | 'fetch' | 'absent' };
  };
  /** What the device does when AutopilotManager unjoins it (reference 05, A.4; 06 D-B63). `skip` leaves the step out: only tests want that. */
  readonly unjoin: 'local' | 'drs-delete' | 'skip';
  /** Flips a bit of the activated secret, so that the challenge is answered wrongly. Only tests want that. */
  readonly corruptChallengeAnswer: boolean;
}

/** `10.0.26100.2454` */
export const osVersion = (traits: Pick<DeviceTraits, 'osBuild'>): string => `10.0.${traits.osBuild}`;
