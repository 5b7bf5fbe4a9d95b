/** Bits of `CloudAssignedOobeConfig` (reference 01, 6.2). */
export const oobeBits = {
  skipCortanaOptIn: 1,
  standardUser: 2,
  skipExpressSettings: 4,
  skipOemRegistration: 8,
  skipEula: 16,
  tpmAttestation: 32,
  entraDeviceAuthentication: 64,
  entraTpmRequired: 128,
  skipUpgradeUx: 256,
  patchDownload: 512,
  skipKeyboard: 1024,
} as const;
export type OobeBit = keyof typeof oobeBits;

/** The settings of a profile that the mask is made of. */
export interface OobeSettings {
  readonly userIsStandard: boolean;
  readonly privacyHidden: boolean;
  readonly eulaHidden: boolean;
  readonly keyboardSkipped: boolean;
  readonly selfDeploying: boolean;
}

/** The mask of a profile: 1310 for a user-driven one with everything hidden, 1534 for a self-deploying one. */
export function oobeConfigOf(settings: OobeSettings): number {
  const selfDeploying: OobeBit[] = ['tpmAttestation', 'entraDeviceAuthentication', 'entraTpmRequired'];
  const bits: OobeBit[] = [
    'skipOemRegistration',
    'skipUpgradeUx',
    ...(settings.userIsStandard ? (['standardUser'] as const) : []),
    ...(settings.privacyHidden ? (['skipExpressSettings'] as const) : []),
    ...(settings.eulaHidden ? (['skipEula'] as const) : []),
    ...(settings.keyboardSkipped ? (['skipKeyboard'] as const) : []),
    ...(settings.selfDeploying ? selfDeploying : []),
  ];
  return bits.reduce((mask, bit) => mask | oobeBits[bit], 0);
}

export const hasOobeBit = (mask: number, bit: OobeBit): boolean => (mask & oobeBits[bit]) !== 0;
