import { Body, Controller, Get, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Random } from '@greenscreen/host/random';
import { json, type Reply } from '@greenscreen/host/reply';
import { createTenant } from '@greenscreen/model/seed';
import { Tenant, TenantDomain } from '@greenscreen/model/tenancy';
import { DataSource, In } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';

const domain = z.string().regex(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, 'is not a domain name');
const newTenant = z.strictObject({
  id: z.uuid().optional(),
  displayName: z.string().min(1).default('Lab tenant'),
  /** Without one, a random `<name>.onmicrosoft.com`. */
  initialDomain: domain.optional(),
  domains: z.array(domain).default([]),
  users: z
    .array(z.strictObject({ upn: z.email(), displayName: z.string().optional(), isGlobalAdministrator: z.boolean().optional() }))
    .default([]),
  password: z.string().min(1).default('Passw0rd!'),
  clientId: z.uuid().optional(),
  clientSecret: z.string().min(1).default('lab-secret'),
  switches: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});

type NewUserInput = z.infer<typeof newTenant>['users'][number];

const madeTenant = z.object({
  id: z.guid(),
  initialDomain: z.string(),
  domains: z.array(z.string()),
  users: z.array(z.string()).describe('user principal names'),
  password: z.string(),
  clientId: z.guid(),
  clientSecret: z.string(),
});
const tenantList = z.object({
  tenants: z.array(
    z.object({
      id: z.guid(),
      displayName: z.string(),
      initialDomain: z.string(),
      switches: newTenant.shape.switches,
      createdAt: z.iso.datetime(),
      domains: z.array(z.string()),
    }),
  ),
});

@Controller('tenants')
@UseFilters(new FaultFilter(controlDialect))
export class TenantsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly random: Random,
  ) {}

  /** A new tenant, ready for a run: tests and replays make one each, so that they do not meet. */
  @Post()
  @Operation('control', 'CreateTenant')
  @Describe({ summary: 'Make a tenant', body: newTenant, answer: madeTenant, status: 201 })
  async create(@Body() body: Buffer): Promise<Reply> {
    const input = decodeBody(newTenant, body);
    const name = `lab${this.random.bytes(5).toString('hex')}`;
    const initialDomain = input.initialDomain ?? `${name}.onmicrosoft.com`;
    const domains = input.domains.length > 0 ? input.domains : [`${name}.example`];
    const users: NewUserInput[] =
      input.users.length > 0
        ? input.users
        : ['admin', 'anna', 'ben'].map((who) => ({ upn: `${who}@${domains[0]}`, isGlobalAdministrator: who === 'admin' }));
    const id = input.id ?? this.random.uuid();
    const clientId = input.clientId ?? this.random.uuid();
    await this.dataSource.transaction(async (em) => {
      const taken = await em.findBy(TenantDomain, { domain: In([initialDomain, ...domains].map((entry) => entry.toLowerCase())) });
      if (taken.length > 0)
        throw new Fault('control.Conflict', { reason: `The domain ${taken[0]?.domain ?? ''} belongs to another tenant` });
      if (await em.existsBy(Tenant, { id })) throw new Fault('control.Conflict', { reason: `The tenant ${id} exists already` });
      await createTenant(
        em,
        {
          id,
          displayName: input.displayName,
          initialDomain,
          domains,
          password: input.password,
          switches: input.switches,
          users: users.map(({ upn, displayName, isGlobalAdministrator }) => ({
            upn,
            displayName: displayName ?? nameOf(upn),
            givenName: nameOf(upn),
            surname: 'Lab',
            isGlobalAdministrator: isGlobalAdministrator ?? false,
          })),
          application: { clientId, secret: input.clientSecret },
        },
        this.random,
        new Date(),
      );
    });
    return json(201, {
      id,
      initialDomain,
      domains,
      users: users.map(({ upn }) => upn),
      password: input.password,
      clientId,
      clientSecret: input.clientSecret,
    });
  }

  @Get()
  @Operation('control', 'ListTenants')
  @Describe({ summary: 'Tenants', answer: tenantList })
  async list(): Promise<Reply> {
    const [tenants, domains] = await Promise.all([
      this.dataSource.manager.find(Tenant, { order: { createdAt: 'ASC' } }),
      this.dataSource.manager.find(TenantDomain),
    ]);
    return json(200, {
      tenants: tenants.map(({ id, displayName, initialDomain, switches, createdAt }) => ({
        id,
        displayName,
        initialDomain,
        switches,
        createdAt,
        domains: domains.filter(({ tenantId }) => tenantId === id).map((entry) => entry.domain),
      })),
    });
  }
}

/** `anna@…` → `Anna` */
const nameOf = (upn: string): string => upn.charAt(0).toUpperCase() + upn.slice(1, upn.indexOf('@'));
