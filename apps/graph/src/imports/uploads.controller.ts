import { Controller, Get, Param, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { openRequest } from '../request/open-request.js';
import { bothVersions } from '../request/path-keys.js';
import { permissions } from '../request/permissions.js';
import { ImportWorker } from './import-worker.js';
import { addToUpload, createUpload, getUpload, listUploads, uploadResource } from './uploads.operation.js';

/** Imports in groups; the type is in the schema, and no maintained client uses it (reference 01, 3.2). */
@Controller({ host: graphHosts, path: bothVersions(uploadResource) })
@UseFilters(new FaultFilter(graphDialect))
export class UploadsController {
  constructor(
    private readonly graph: GraphServices,
    private readonly worker: ImportWorker,
  ) {}

  @Post()
  @Operation('graph', 'CreateUpload')
  async create(): Promise<Reply> {
    return createUpload(await openRequest(this.graph, permissions.serviceConfigWrite));
  }

  @Get()
  @Operation('graph', 'ListUploads')
  async list(): Promise<Reply> {
    return listUploads(await openRequest(this.graph, permissions.serviceConfigRead), this.worker);
  }

  @Get(':id')
  @Operation('graph', 'GetUpload')
  async get(@Param('id') id: string): Promise<Reply> {
    return getUpload(await openRequest(this.graph, permissions.serviceConfigRead), this.worker, id);
  }

  @Post(':id/deviceIdentities')
  @Operation('graph', 'AddToUpload')
  async add(@Param('id') id: string): Promise<Reply> {
    return addToUpload(await openRequest(this.graph, permissions.serviceConfigWrite), this.worker, id);
  }
}
