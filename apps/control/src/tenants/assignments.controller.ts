import { Body, Controller, Param, Post, UseFilters } from '@nestjs/common';
import { thumbprint } from '@greenscreen/crypto/x509';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Random } from '@greenscreen/host/random';
import { json, type Reply } from '@greenscreen/host/reply';
import { MembershipRuleError, parseRule } from '@greenscreen/model/membership';
import {
  assignManagement,
  assignmentIntents,
  type Assignments,
  assignmentsByName,
  type IntuneAssignment,
  type NamedAssignment,
  putGroups,
  UnknownNameError,
} from '@greenscreen/model/mdm-session';
import { Tenant } from '@greenscreen/model/tenancy';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { certificateMember } from '../certificate-member.js';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';

/** `allDevices`, `allUsers` (those with a license), or groups by name or object id; every device unless given. An excluded group wins. */
const assignable = { assignTo: z.array(z.string().min(1)).optional(), exclude: z.array(z.string().min(1)).optional() };

const group = z.strictObject({
  name: z.string().min(1).max(256),
  /** Dynamic membership rule. */
  rule: z.string().refine(isRule, 'is not a membership rule').optional(),
  /** Members by user principal name, or by the part before its `@`. */
  users: z.array(z.string().min(1)).default([]),
});

const app = z.strictObject({
  id: z.string().min(1),
  type: z.enum(['win32', 'lob', 'store']).default('win32'),
  name: z.string().optional(),
  version: z.string().optional(),
  productCode: z
    .string()
    .regex(/^\{[0-9A-Fa-f-]{36}\}$/, 'is not a product code')
    .optional(),
  detection: z.enum(['match', 'miss']).default('match'),
  exit: z.number().int().default(0),
  seconds: z.number().int().min(0).default(20),
  intent: z.enum(assignmentIntents).optional(),
  ...assignable,
});

const wifi = z
  .strictObject({
    ssid: z.string().min(1).max(32),
    /** Name of the profile; the network's unless given. */
    name: z.string().min(1).optional(),
    security: z.enum(['open', 'wpaPersonal', 'wpa2Personal']).default('open'),
    preSharedKey: z.string().min(8).max(63).optional(),
    connectAutomatically: z.boolean().default(true),
    hidden: z.boolean().default(false),
    ...assignable,
  })
  .refine(
    ({ security, preSharedKey }) => (security === 'open') === (preSharedKey === undefined),
    'has a preSharedKey exactly when it is not open',
  );

/** Members of reference 05, C.3. */
const assignments = z.strictObject({
  /** Made, or changed, before they are assigned to. */
  groups: z.array(group).default([]),
  apps: z
    .array(app)
    .refine((apps) => new Set(apps.map(({ id }) => id)).size === apps.length, 'two apps have one id')
    .default([]),
  policies: z
    .array(z.strictObject({ uri: z.string().startsWith('./'), value: z.union([z.number(), z.boolean(), z.string()]), ...assignable }))
    .default([]),
  wifi: z.array(wifi).default([]),
  trustedRoots: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        /** base64 of the DER, or PEM. */
        certificate: z.string().min(1),
        store: z.enum(['root', 'intermediate']).default('root'),
        ...assignable,
      }),
    )
    .default([]),
});
type AssignmentsBody = z.output<typeof assignments>;

function isRule(rule: string): boolean {
  try {
    return parseRule(rule) !== undefined;
  } catch (error) {
    if (error instanceof MembershipRuleError) return false;
    throw error;
  }
}

/** Names of what is assigned now. */
const assigned = z.object({
  apps: z.array(z.string()),
  policies: z.array(z.string()),
  wifi: z.array(z.string()),
  trustedRoots: z.array(z.string()),
});

@Controller('tenants')
@UseFilters(new FaultFilter(controlDialect))
export class AssignmentsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly random: Random,
  ) {}

  /** What the tenant's administrator gives to devices and users, in the place of what was given before. */
  @Post(':id/assignments')
  @Operation('control', 'AssignManagement')
  @Describe({ summary: 'Assign apps and policies to devices and users of a tenant', body: assignments, answer: assigned })
  async assign(@Param('id') id: string, @Body() body: Buffer): Promise<Reply> {
    const given = decodeBody(assignments, body);
    const found = z.uuid().safeParse(id).success && (await this.dataSource.manager.existsBy(Tenant, { id }));
    if (!found) throw new Fault('control.NotFound', { what: `tenant ${id}` });
    const now = new Date();
    try {
      await this.dataSource.transaction(async (em) => {
        await putGroups(em, id, given.groups, this.random, now);
        await assignManagement(em, id, resolved(given, await assignmentsByName(em, id)), this.random, now);
      });
    } catch (error) {
      if (error instanceof UnknownNameError) throw new Fault('control.BadRequest', { reason: error.message });
      throw error;
    }
    const { apps, policies, wifi, trustedRoots } = given;
    return json(200, {
      apps: apps.map((app) => app.id),
      policies: policies.map(({ uri }) => uri),
      wifi: wifi.map(({ ssid }) => ssid),
      trustedRoots: trustedRoots.map(({ name }) => name),
    });
  }
}

/** Profiles come before single settings: a network that these need is there then. */
function resolved(
  { apps, policies, wifi, trustedRoots }: AssignmentsBody,
  by: (named: NamedAssignment) => IntuneAssignment[],
): Assignments {
  return {
    apps: apps.map(({ exit, ...app }) => ({ ...app, exitCode: exit, assignments: by(app) })),
    policies: [
      ...trustedRoots.map(({ name, certificate, store, ...named }) => ({
        name,
        profile: trustedRoot(`${name}.cer`, certificateMember('trustedRoots.certificate', certificate.replace(PEM_LINES, '')), store),
        assignments: by(named),
      })),
      ...wifi.map(({ name, ssid, preSharedKey, assignTo, exclude, ...network }) => ({
        name: name ?? ssid,
        profile: { ...network, kind: 'wifi' as const, networkName: name ?? ssid, ssid, preSharedKey: preSharedKey ?? null },
        assignments: by({ assignTo, exclude }),
      })),
      ...policies.map(({ uri, value, ...named }) => ({ uri, value, assignments: by(named) })),
    ],
  };
}

const PEM_LINES = /-----[A-Z ]+-----/g;

const trustedRoot = (fileName: string, der: Buffer, store: 'root' | 'intermediate') => ({
  kind: 'trustedRoot' as const,
  fileName,
  certificate: der.toString('base64'),
  thumbprint: thumbprint(der),
  store: store === 'root' ? ('computerCertStoreRoot' as const) : ('computerCertStoreIntermediate' as const),
});
