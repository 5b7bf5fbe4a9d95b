import { Body, Controller, Param, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Random } from '@greenscreen/host/random';
import { json, type Reply } from '@greenscreen/host/reply';
import { assignManagement } from '@greenscreen/model/mdm-session';
import { Tenant } from '@greenscreen/model/tenancy';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';

/** Members of reference 05, C.3. */
const assignments = z.strictObject({
  apps: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        type: z.enum(['win32', 'lob', 'store']).default('win32'),
        name: z.string().optional(),
        version: z.string().optional(),
        productCode: z
          .string()
          .regex(/^\{[0-9a-f-]{36}\}$/i, 'is not a product code')
          .optional(),
        detection: z.enum(['match', 'miss']).default('match'),
        exit: z.number().int().default(0),
        seconds: z.number().int().min(0).default(20),
      }),
    )
    .refine((apps) => new Set(apps.map(({ id }) => id)).size === apps.length, 'two apps have one id')
    .default([]),
  policies: z
    .array(z.strictObject({ uri: z.string().startsWith('./'), value: z.union([z.number(), z.boolean(), z.string()]) }))
    .default([]),
});

@Controller('tenants')
@UseFilters(new FaultFilter(controlDialect))
export class AssignmentsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly random: Random,
  ) {}

  /** What the tenant's administrator gives to every device, in the place of what was given before. */
  @Post(':id/assignments')
  @Operation('control', 'AssignManagement')
  @Describe({ summary: 'Assign apps and policies to every device of a tenant', body: assignments })
  async assign(@Param('id') id: string, @Body() body: Buffer): Promise<Reply> {
    const { apps, policies } = decodeBody(assignments, body);
    const found = z.uuid().safeParse(id).success && (await this.dataSource.manager.existsBy(Tenant, { id }));
    if (!found) throw new Fault('control.NotFound', { what: `tenant ${id}` });
    await this.dataSource.transaction((em) =>
      assignManagement(em, id, { apps: apps.map(({ exit, ...app }) => ({ ...app, exitCode: exit })), policies }, this.random, new Date()),
    );
    return json(200, { apps: apps.map((app) => app.id), policies: policies.map(({ uri }) => uri) });
  }
}
