import { Body, Controller, Get, Param, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Random } from '@greenscreen/host/random';
import { json, type Reply } from '@greenscreen/host/reply';
import { Application, hashPassword, Tenant } from '@greenscreen/model/tenancy';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';
import { certificateMember } from '../certificate-member.js';

const permission = z.string().regex(/^[\w.]+$/, 'is not a permission');
/** Without secret and certificates it is a public client. */
const registration = z.strictObject({
  clientId: z.uuid().optional(),
  displayName: z.string().min(1).max(256).default('Application'),
  secret: z.string().min(1).optional(),
  /** base64 of the DER. */
  certificates: z.array(z.base64()).default([]),
  redirectUris: z.array(z.string().min(1)).default([]),
  /** Application permissions on Microsoft Graph. */
  roles: z.array(permission).default([]),
  /** Delegated permissions. */
  scopes: z.array(permission).default([]),
});

const application = z
  .object({
    clientId: z.guid(),
    displayName: z.string(),
    servicePrincipalId: z.guid(),
    public: z.boolean(),
    redirectUris: z.array(z.string()),
    roles: z.array(z.string()),
    scopes: z.array(z.string()),
  })
  .meta({ id: 'Application' });
const applicationList = z.object({ applications: z.array(application) });

/** App registrations of a tenant, for programs that a lab wants to try. */
@Controller('tenants')
@UseFilters(new FaultFilter(controlDialect))
export class ApplicationsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly random: Random,
  ) {}

  @Post(':id/applications')
  @Operation('control', 'RegisterApplication')
  @Describe({ summary: 'Register an application', body: registration, answer: application, status: 201 })
  async register(@Param('id') tenantId: string, @Body() body: Buffer): Promise<Reply> {
    await this.requireTenant(tenantId);
    const { secret, certificates, ...given } = decodeBody(registration, body);
    const clientId = given.clientId?.toLowerCase() ?? this.random.uuid();
    if (await this.dataSource.manager.existsBy(Application, { tenantId, clientId }))
      throw new Fault('control.Conflict', { reason: `There is an application ${clientId} already` });
    const registered = this.dataSource.manager.create(Application, {
      ...given,
      tenantId,
      clientId,
      servicePrincipalId: this.random.uuid(),
      secretHash: secret === undefined ? null : await hashPassword(secret),
      certificates: certificates.map((text) => certificateMember('certificates', text).toString('base64')),
    });
    await this.dataSource.manager.insert(Application, registered);
    return json(201, shown(registered));
  }

  @Get(':id/applications')
  @Operation('control', 'ListApplications')
  @Describe({ summary: 'Registered applications', answer: applicationList })
  async list(@Param('id') tenantId: string): Promise<Reply> {
    await this.requireTenant(tenantId);
    const applications = await this.dataSource.manager.find(Application, { where: { tenantId }, order: { displayName: 'ASC' } });
    return json(200, { applications: applications.map(shown) });
  }

  private async requireTenant(id: string): Promise<void> {
    const found = z.uuid().safeParse(id).success && (await this.dataSource.manager.existsBy(Tenant, { id }));
    if (!found) throw new Fault('control.NotFound', { what: `tenant ${id}` });
  }
}

const shown = ({ clientId, displayName, servicePrincipalId, secretHash, certificates, redirectUris, roles, scopes }: Application) => ({
  clientId,
  displayName,
  servicePrincipalId,
  public: secretHash === null && certificates.length === 0,
  redirectUris,
  roles,
  scopes,
});
