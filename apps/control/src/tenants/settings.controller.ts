import { Body, Controller, Param, Patch, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Random } from '@greenscreen/host/random';
import { json, type Reply } from '@greenscreen/host/reply';
import { changeTenant, TenantChangeError } from '@greenscreen/model/tenancy';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';

const whoever = z.union([z.enum(['all', 'none']), z.array(z.string().min(1))]);

const statusPage = z.strictObject({
  device: z.boolean(),
  user: z.boolean(),
  timeoutMinutes: z.number().int().min(1).max(1440),
  allowReset: z.boolean(),
  allowRetry: z.boolean(),
  allowContinue: z.boolean(),
  collectLogs: z.boolean(),
  block: z.array(z.string()),
  expectedPolicies: z.array(z.string().startsWith('./')),
  providers: z.array(z.string()),
  certificates: z.array(z.string().min(1)),
  customErrorText: z.string(),
  targeted: z.enum(['devices', 'users']),
});
const deviceSettings = z.strictObject({
  usersMayJoin: whoever,
  usersMayRegister: whoever,
  quota: z.number().int().min(-1),
  mfaForJoin: z.boolean(),
});
const restrictions = z.strictObject({
  windows: z.enum(['allow', 'block']),
  personal: z.enum(['allow', 'block']),
  cap: z.number().int().min(-1),
  maintenance: z.boolean(),
});
const compliance = z.strictObject({ evaluateAfterSyncs: z.number().int().min(0), compliant: z.boolean() });
const switches = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** Members of reference 05, C.3: what is left out stays. Users are named by user principal name or by the part before the `@`. */
const settings = z.strictObject({
  esp: statusPage.partial().optional(),
  deviceSettings: deviceSettings.partial().optional(),
  restrictions: restrictions.partial().optional(),
  compliance: compliance.partial().optional(),
  switches: switches.optional(),
  /** In the place of those that there are. */
  mdmApplications: z
    .array(
      z.strictObject({
        appId: z.uuid().optional(),
        name: z.string().optional(),
        discoveryUrl: z.url().optional(),
        /** Null: blank. */
        termsUrl: z.url().nullable().optional(),
        scope: z.enum(['all', 'some', 'none']).default('all'),
      }),
    )
    .optional(),
  users: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        accountEnabled: z.boolean().optional(),
        mfaRequired: z.boolean().optional(),
        intuneLicensed: z.boolean().optional(),
      }),
    )
    .optional(),
});

/** Members that older tenants do not have are left out. */
const changedTenant = z.object({
  id: z.guid(),
  esp: statusPage.partial({ certificates: true, customErrorText: true, targeted: true }),
  deviceSettings,
  restrictions,
  compliance,
  switches,
});

@Controller('tenants')
@UseFilters(new FaultFilter(controlDialect))
export class TenantSettingsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly random: Random,
  ) {}

  /** What the tenant's administrators have set: the status page, who may join and enroll, MDM applications, licenses, switches. */
  @Patch(':id')
  @Operation('control', 'ChangeTenant')
  @Describe({ summary: "Change what a tenant's administrators set", body: settings, answer: changedTenant })
  async change(@Param('id') id: string, @Body() body: Buffer): Promise<Reply> {
    if (!z.uuid().safeParse(id).success) throw new Fault('control.NotFound', { what: `tenant ${id}` });
    const change = decodeBody(settings, body);
    try {
      const tenant = await this.dataSource.transaction((em) => changeTenant(em, id, change, this.random));
      if (!tenant) throw new Fault('control.NotFound', { what: `tenant ${id}` });
      const { esp, deviceSettings, enrollmentRestrictions, compliance, switches } = tenant;
      return json(200, { id, esp, deviceSettings, restrictions: enrollmentRestrictions, compliance, switches });
    } catch (error) {
      if (error instanceof TenantChangeError) throw new Fault('control.BadRequest', { reason: error.message });
      throw error;
    }
  }
}
