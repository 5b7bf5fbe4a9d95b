import { Controller, Get, Query, UseFilters } from '@nestjs/common';
import { Clock } from '@greenscreen/host/clock';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { json, type Reply } from '@greenscreen/host/reply';
import { SignInFlow } from '@greenscreen/model/sts';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { DataSource, In, IsNull, MoreThan, Not } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';

const filters = z.object({ user: z.string().optional(), tenant: z.uuid().optional() });
const codes = z.object({
  pending: z.array(z.object({ user: z.string(), tenantId: z.guid(), code: z.string(), tries: z.int() })),
});
/** As long as a sign-in page lives. */
const HOUR_MS = 3_600_000;

/** The second device of the lab's people: what a sign-in page asks them for is read here. */
@Controller('second-factors')
@UseFilters(new FaultFilter(controlDialect))
export class SecondFactorsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The codes that pages wait for, the latest first. `user` is a user principal name. */
  @Get()
  @Operation('control', 'ListSecondFactors')
  @Describe({ summary: 'Codes that sign-in pages wait for', query: filters, answer: codes })
  async list(@Query() query: Record<string, unknown>): Promise<Reply> {
    const { success, data } = filters.safeParse(query);
    if (!success) throw new Fault('control.BadRequest', { reason: 'tenant: is not an id' });
    const since = new Date((await this.clock.now()).getTime() - HOUR_MS);
    const flows = await this.dataSource.manager.find(SignInFlow, {
      where: { userId: Not(IsNull()), factorCode: Not(IsNull()), factorPassedAt: IsNull(), createdAt: MoreThan(since) },
      order: { createdAt: 'DESC' },
      take: 200,
    });
    const users = await this.dataSource.manager.findBy(DirectoryUser, { id: In(flows.map(({ userId }) => userId ?? '')) });
    const pending = flows.flatMap(({ userId, factorCode, factorTries }) => {
      const user = users.find(({ id }) => id === userId);
      const wanted = user && (!data.user || user.upn === data.user.toLowerCase()) && (!data.tenant || user.tenantId === data.tenant);
      return wanted ? [{ user: user.upn, tenantId: user.tenantId, code: factorCode, tries: factorTries }] : [];
    });
    return json(200, { pending });
  }
}
