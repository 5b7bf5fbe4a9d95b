import { z } from 'zod';

const endorsementKey = z.strictObject({
  alg: z.enum(['rsa2048', 'ecc']).default('rsa2048'),
  /** In the TPM's NV, at the vendor's service, or nowhere. */
  cert: z.enum(['nv', 'fetch', 'absent']).default('nv'),
  cert_defect: z.enum(['none', 'expired', 'wrong_key', 'unknown_ca', 'revoked']).default('none'),
  /** Whether this Windows knows Intel's on-die authorities, whose chain is in NV (reference 05, 36). */
  odca_supported: z.boolean().default(true),
});

const tpm = z.strictObject({
  kind: z.enum(['discrete', 'firmware', 'none']).default('discrete'),
  vendor: z.enum(['IFX', 'STM', 'NTC', 'INTC', 'AMD', 'QCOM', 'MSFT', 'MSFT-vm']).default('IFX'),
  spec: z.enum(['2.0', '1.2']).default('2.0'),
  firmware: z.string().default('7.85'),
  /** As the EK certificate names it; the PC's model unless given. */
  model: z.string().optional(),
  ek: endorsementKey.prefault({}),
  /** Known vulnerabilities that Windows' own check finds. */
  vulnerability_flags: z.number().int().min(0).default(0),
  fault: z.enum(['none', 'bad_keyset', 'locked', 'fips', 'internal']).default('none'),
});

const network = z.strictObject({
  /** What Windows' connectivity probe finds. */
  ncsi: z.enum(['ok', 'fail']).default('ok'),
  /** Host names that do not resolve for this PC. */
  dns: z.record(z.string(), z.literal('nxdomain')).default({}),
  /** Whether time.windows.com answers. */
  ntp: z.enum(['ok', 'fail']).default('ok'),
  /** What stands between this PC and the cloud: a captive portal, or a proxy whose root the PC lacks. */
  proxy: z.enum(['none', 'html200', 'tls_inspect']).default('none'),
});

const user = z.strictObject({
  /** The run's own user with the same name before the `@`: every run has a domain of its own. */
  upn: z.email().optional(),
  password_ok: z.boolean().default(true),
  /** Whether the sign-in is confirmed with a second factor. */
  mfa: z.enum(['none', 'ok']).default('none'),
  /** Whose account it is: of the run's tenant, or of another organization (reference 05, 21). */
  tenant: z.enum(['own', 'other']).default('own'),
  /** A restart between the user's join and the session switch, which loses the credential buffer (reference 05, 98). */
  reboot_at: z.enum(['none', 'after_join']).default('none'),
  /** Goes on to the status page although the join failed (reference 05, 97). */
  continue_without_join: z.boolean().default(false),
});

/** The PC, and whoever sits in front of it (reference 05, C.2). */
export const device = z.strictObject({
  serial: z.string().min(1).max(60).default('LAB-0001'),
  manufacturer: z.string().default('Contoso Devices'),
  model: z.string().default('Labbook 14'),
  os_build: z
    .string()
    .regex(/^\d{5}\.\d+$/, 'is not a build such as 26100.2454')
    .default('26100.2454'),
  edition: z.enum(['Pro', 'Enterprise', 'Education', 'Core']).default('Pro'),
  vm: z.boolean().default(false),
  /** Logical processors (reference 05, 92). */
  processors: z.number().int().min(1).default(4),
  tpm: tpm.prefault({}),
  /** How the hash that the administrator imports relates to what the device reports (reference 06, D-A63). */
  hash: z.enum(['match', 'other_board', 'serial_changed', 'pkid_changed', 'damaged', 'absent']).default('match'),
  network: network.prefault({}),
  services: z.strictObject({ wlidsvc: z.enum(['running', 'disabled']).default('running') }).prefault({}),
  ui: z.enum(['modern', 'classic1903']).default('modern'),
  unjoin: z.enum(['local', 'drs-delete']).default('local'),
  /** The management extension on this PC (reference 06, D-B64). */
  ime: z.enum(['ok', 'stall', 'fail', 'no-tracking']).default('ok'),
  enroll: z
    .strictObject({
      /** Context items that RST leaves out. */
      omit: z.array(z.string()).default([]),
      /** A key of an earlier enrollment that nobody removed (reference 05, 78). */
      leftover: z.boolean().default(false),
      /** The key of the request cannot be made (reference 05, 77). */
      key_fault: z.boolean().default(false),
    })
    .prefault({}),
  /** The first so many writes to the user's scope are refused with 405. */
  userScope405: z.number().int().min(0).default(0),
  /** An image from before KB4505903, whose update page fails (reference 05, 26). */
  whitegloveupdate: z.enum(['ok', 'fail']).default('ok'),
  /** The technician's phase begins on a PC that Autopilot Reset has just reset (reference 05, 28). */
  after_autopilot_reset: z.boolean().default(false),
  technician: z
    .strictObject({
      on_red: z.enum(['stop', 'retry', 'reset']).default('stop'),
      on_whitegloveupdate: z.enum(['skip', 'fail']).default('skip'),
    })
    .prefault({}),
  user: user.prefault({}),
});

export type ScenarioDevice = z.output<typeof device>;
