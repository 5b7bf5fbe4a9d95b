import { Controller, Post, UseFilters } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type RequestListener } from 'node:http';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { openRequest } from '../request/open-request.js';
import { bothVersions } from '../request/path-keys.js';
import { permissions } from '../request/permissions.js';
import { InnerHttp } from './inner-http.js';
import { NESTED, runBatch } from './run-batch.operation.js';

/** Several requests in one. */
@Controller({ host: graphHosts, path: bothVersions('$batch') })
@UseFilters(new FaultFilter(graphDialect))
export class BatchController {
  private readonly http: InnerHttp;

  constructor(
    private readonly graph: GraphServices,
    server: HttpAdapterHost,
  ) {
    this.http = new InnerHttp((request, response) => server.httpAdapter.getInstance<RequestListener>()(request, response));
  }

  @Post()
  @Operation('graph', 'Batch')
  async run(): Promise<Reply> {
    const request = await openRequest(this.graph, permissions.anyone);
    if (request.exchange.headers[NESTED] !== undefined) throw new Fault('graph.BadQuery', { reason: 'A batch cannot stand in a batch.' });
    return runBatch(request, this.http);
  }
}
