import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { IntuneApp } from '@greenscreen/model/mdm-session';
import { isGuid } from '../guid.js';
import { CONTENT_HOST } from '../hosts.js';
import { encryptedContent } from '../ime/app-content.js';
import { imeDialect } from '../ime/ime.errors.js';
import { MdmServices } from '../mdm-services.js';
import { agentPackage } from './agent-package.js';
import { lineOfBusinessPackage } from './line-of-business.js';
import { storePackage } from './store-app.js';

const BINARY = 'application/octet-stream';

/** What devices download. Nobody proves anything here: MSIs have a hash, app contents a key (06 D-B20). */
@Controller({ host: CONTENT_HOST })
@UseFilters(new FaultFilter(imeDialect))
export class ContentController {
  constructor(private readonly mdm: MdmServices) {}

  @Get('IntuneWindowsAgent.msi')
  @Operation('content', 'MsiContent')
  agent(): Reply {
    return reply(200, BINARY, agentPackage.content);
  }

  @Get('packages/:tenant/:file')
  @Operation('content', 'MsiContent')
  async package(@Param('tenant') tenant: string, @Param('file') file: string): Promise<Reply> {
    const served = lineOfBusinessPackage(await this.app(tenant, file.replace(/\.msi$/, '')));
    if (!served) throw new Fault('ime.NotFound');
    return reply(200, BINARY, served.content);
  }

  @Get('apps/:tenant/:app/:file')
  @Operation('content', 'AppContent')
  async content(@Param('tenant') tenant: string, @Param('app') id: string, @Param('file') file: string): Promise<Reply> {
    const app = await this.app(tenant, id);
    if (app.type !== 'win32' || file !== `${app.version}.bin`) throw new Fault('ime.NotFound');
    return reply(200, BINARY, encryptedContent(app));
  }

  @Get('store/:tenant/:file')
  @Operation('content', 'StoreContent')
  async storeApp(@Param('tenant') tenant: string, @Param('file') file: string): Promise<Reply> {
    const app = await this.app(tenant, file.replace(/\.msix$/, ''));
    if (app.type !== 'store') throw new Fault('ime.NotFound');
    return reply(200, BINARY, storePackage(app));
  }

  /** A lab has no NDES: the address answers, and the PC takes that for an issued certificate (06 D-B52). */
  @Get('scep/:tenant/:profile/pkiclient.exe')
  @Operation('content', 'Scep')
  scep(): Reply {
    return reply(200, 'text/plain', Buffer.from('POSTPKIOperation\nSHA-256\nAES\n', 'utf8'));
  }

  private async app(tenantId: string, id: string): Promise<IntuneApp> {
    const app = isGuid(tenantId) ? await this.mdm.em.findOneBy(IntuneApp, { tenantId, id }) : null;
    if (!app) throw new Fault('ime.NotFound');
    return app;
  }
}
