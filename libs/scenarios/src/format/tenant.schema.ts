import { z } from 'zod';

const profile = z.strictObject({
  name: z.string().default('WG-Entra'),
  joinType: z.enum(['entra', 'hybrid']).default('entra'),
  preprovisioningAllowed: z.boolean().default(true),
  /** Bits of CloudAssignedOobeConfig that the administrator can choose (reference 05, A.2). */
  oobeConfig: z.number().int().min(0).max(2047).optional(),
  deviceNameTemplate: z.string().optional(),
});

/** Whom something goes to: `allDevices`, `allUsers` (those with a license), groups by name; every device unless given. An excluded group wins. */
const assignable = {
  assignTo: z.array(z.string().min(1)).optional(),
  exclude: z.array(z.string().min(1)).optional(),
};

const group = z.strictObject({
  name: z.string().min(1),
  /** Dynamic membership rule, e.g. `(device.devicePhysicalIds -any (_ -startsWith "[ZTDID]"))`. */
  rule: z.string().min(1).optional(),
  /** Names of the users who are in it. */
  users: z.array(z.string()).default([]),
});

const wifi = z.strictObject({
  ssid: z.string().min(1).max(32),
  security: z.enum(['open', 'wpaPersonal', 'wpa2Personal']).default('open'),
  /** Passphrase, unless the network is open. */
  preSharedKey: z.string().min(8).max(63).optional(),
  ...assignable,
});

const app = z.strictObject({
  id: z.string().min(1),
  type: z.enum(['win32', 'lob', 'store']).default('win32'),
  detection: z.enum(['match', 'miss']).default('match'),
  /** Exit code of the installer. */
  exit: z.number().int().default(0),
  /** How long it takes. */
  seconds: z.number().min(0).default(20),
  ...assignable,
});

const mdmApplication = z.strictObject({
  appId: z.uuid().optional(),
  name: z.string().optional(),
  discoveryUrl: z.url().optional(),
  /** Null: the URL of the terms is blank. */
  termsUrl: z.url().nullable().optional(),
  scope: z.enum(['all', 'some', 'none']).default('all'),
});

const mdm = z.strictObject({
  /** In the place of Intune as the one application. */
  apps: z.array(mdmApplication).optional(),
  restrictions: z
    .strictObject({
      windows: z.enum(['allow', 'block']).optional(),
      personal: z.enum(['allow', 'block']).optional(),
      cap: z.number().int().min(-1).optional(),
      maintenance: z.boolean().optional(),
    })
    .prefault({}),
  /** Names of the users who have an Intune license; everybody unless given. */
  licenses: z.array(z.string()).optional(),
  techToUserMinMinutes: z.number().int().min(0).optional(),
});

const entra = z.strictObject({
  deviceSettings: z
    .strictObject({
      /** Everybody, nobody, or the names of the users who may. */
      usersMayJoin: z.union([z.enum(['all', 'none']), z.array(z.string())]).optional(),
      quota: z.number().int().min(-1).optional(),
      mfaForJoin: z.boolean().optional(),
    })
    .prefault({}),
});

const esp = z.strictObject({
  device: z.boolean().optional(),
  user: z.boolean().optional(),
  timeoutMinutes: z.number().int().min(1).max(1440).optional(),
  /** Ids of the apps that the page waits for; every required app unless given. */
  block: z.array(z.string()).optional(),
  allowReset: z.boolean().optional(),
  allowRetry: z.boolean().optional(),
  allowContinue: z.boolean().optional(),
  collectLogs: z.boolean().optional(),
  /** Further policies that the page counts. */
  expectedPolicies: z.array(z.string().startsWith('./')).optional(),
  /** The organization's own words on a page that has failed. */
  customErrorText: z.string().min(1).optional(),
  /** Whom the page is assigned to (reference 05, 91). */
  targeted: z.enum(['devices', 'users']).optional(),
  /** Policy providers that the service registers. */
  providers: z.array(z.enum(['Sidecar', 'ConfigMgr'])).optional(),
});

/** What the tenant's administrator has set (reference 05, C.3). Every run has a tenant of its own, so its id and domain cannot be chosen. */
export const tenant = z.strictObject({
  autopilot: z
    .strictObject({
      profile: profile.prefault({}),
      assignment: z.enum(['assigned', 'none', 'deleted', 'conflict']).default('assigned'),
    })
    .prefault({}),
  /** Name of the user whom the device is assigned to. */
  assignedUser: z.string().optional(),
  mdm: mdm.prefault({}),
  entra: entra.prefault({}),
  esp: esp.prefault({}),
  apps: z.array(app).default([{ id: 'a1', type: 'win32', detection: 'match', exit: 0, seconds: 40 }]),
  policies: z
    .array(z.strictObject({ uri: z.string().startsWith('./'), value: z.union([z.string(), z.number(), z.boolean()]), ...assignable }))
    .default([]),
  /** Groups that apps and policies are assigned to, beside those that every tenant has. */
  groups: z.array(group).default([]),
  /** Networks that the PC is told of; the status page waits for them. */
  wifi: z.array(wifi).default([]),
  /** Authorities that the PC is to trust: base64 of the DER, or PEM. */
  trustedRoots: z.array(z.strictObject({ name: z.string().min(1), certificate: z.string().min(1), ...assignable })).default([]),
  /** SCEP profiles that the status page waits for, by name. */
  certificates: z.array(z.string().min(1)).default([]),
  compliance: z.strictObject({ evaluateAfterSyncs: z.number().int().min(0).optional(), compliant: z.boolean().optional() }).prefault({}),
  /** Switches of the services, `<service>.<camelCase>` (reference 06, D-A69). */
  switches: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});

export type ScenarioTenant = z.output<typeof tenant>;
