import { Controller, Delete, Get, Param, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { graphJson } from '../graph-reply.js';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { openRequest } from '../request/open-request.js';
import { bothVersions } from '../request/path-keys.js';
import { permissions } from '../request/permissions.js';
import { readBody } from '../request/read-body.js';
import { importBatchBody, importedIdentityBody } from './import-body.js';
import { ImportWorker } from './import-worker.js';
import { encodeImportedIdentity, importResource } from './imported-identity.json.js';
import { postImports } from './post-imports.operation.js';
import { deleteImport, getImport, listImports } from './read-imports.operation.js';

/** Hash import (reference 01, 3.2). */
@Controller({ host: graphHosts, path: bothVersions(importResource) })
@UseFilters(new FaultFilter(graphDialect))
export class ImportedIdentitiesController {
  constructor(
    private readonly graph: GraphServices,
    private readonly worker: ImportWorker,
  ) {}

  @Post()
  @Operation('graph', 'ImportIdentity')
  async post(): Promise<Reply> {
    const request = await openRequest(this.graph, permissions.serviceConfigWrite);
    const rows = await postImports(request, this.worker, [readBody(importedIdentityBody)]);
    const [entity] = rows.map(encodeImportedIdentity);
    return graphJson(201, { '@odata.context': request.context(`${importResource}/$entity`), ...entity });
  }

  @Post('import')
  @Operation('graph', 'ImportIdentities')
  async import(): Promise<Reply> {
    const request = await openRequest(this.graph, permissions.serviceConfigWrite);
    const { importedWindowsAutopilotDeviceIdentities } = readBody(importBatchBody);
    const rows = await postImports(request, this.worker, importedWindowsAutopilotDeviceIdentities);
    return graphJson(200, { '@odata.context': request.context(importResource), value: rows.map(encodeImportedIdentity) });
  }

  @Get()
  @Operation('graph', 'ListImports')
  async list(): Promise<Reply> {
    return listImports(await openRequest(this.graph, permissions.serviceConfigRead), this.worker);
  }

  @Get(':id')
  @Operation('graph', 'GetImport')
  async get(@Param('id') id: string): Promise<Reply> {
    return getImport(await openRequest(this.graph, permissions.serviceConfigRead), this.worker, id);
  }

  @Delete(':id')
  @Operation('graph', 'DeleteImport')
  async remove(@Param('id') id: string): Promise<Reply> {
    return deleteImport(await openRequest(this.graph, permissions.serviceConfigWrite), this.worker, id);
  }
}
