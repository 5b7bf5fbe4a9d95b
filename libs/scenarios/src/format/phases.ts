/** Where in a deployment a failure shows, as somebody in front of the PC would say it (reference 05, A.3 and A.5). */
export const phases = {
  registration: 'Registration, before the PC is switched on',
  oobe: 'First pages and updates',
  profile: 'Profile and landing page',
  attestation: '"Securing your hardware"',
  join: '"Registering your device": discovery and join',
  enrollment: '"Registering your device": MDM discovery and enrollment',
  unjoin: '"Registering your device": the unjoin',
  preparation: '"Preparing your device for mobile management"',
  'device-setup': '"Device setup"',
  result: 'Result and report',
  'sign-in': 'The sign-in of the user',
  'user-join': 'The join of the user',
  'account-setup': '"Account setup"',
  desktop: 'Sign-in to Windows and desktop',
} as const;

export type PhaseName = keyof typeof phases;

export const isPhase = (name: string): name is PhaseName => Object.hasOwn(phases, name);
