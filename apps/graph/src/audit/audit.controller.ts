import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { GraphServices } from '../graph-services.js';
import { graphDialect } from '../graph.errors.js';
import { graphHosts } from '../hosts.js';
import { openRequest } from '../request/open-request.js';
import { bothVersions } from '../request/path-keys.js';
import { permissions } from '../request/permissions.js';
import { getDirectoryAudit, listDirectoryAudits, listIntuneAudits, listSignIns } from './audit-logs.operation.js';

/** Audit logs of the directory and of Intune, and the sign-in log (reference 02, 16). */
@Controller({ host: graphHosts, path: bothVersions('') })
@UseFilters(new FaultFilter(graphDialect))
export class AuditController {
  constructor(private readonly graph: GraphServices) {}

  @Get('auditLogs/directoryAudits')
  @Operation('graph', 'ListDirectoryAudits')
  async directory(): Promise<Reply> {
    return listDirectoryAudits(await openRequest(this.graph, permissions.auditRead));
  }

  @Get('auditLogs/directoryAudits/:id')
  @Operation('graph', 'GetDirectoryAudit')
  async one(@Param('id') id: string): Promise<Reply> {
    return getDirectoryAudit(await openRequest(this.graph, permissions.auditRead), id);
  }

  @Get('auditLogs/signIns')
  @Operation('graph', 'ListSignIns')
  async signIns(): Promise<Reply> {
    return listSignIns(await openRequest(this.graph, permissions.auditRead));
  }

  @Get('deviceManagement/auditEvents')
  @Operation('graph', 'ListIntuneAudits')
  async intune(): Promise<Reply> {
    return listIntuneAudits(await openRequest(this.graph, permissions.intuneAuditRead));
  }
}
