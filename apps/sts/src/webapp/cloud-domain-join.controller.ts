import { Controller, Get, Query } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { type Reply } from '@greenscreen/host/reply';
import { stsHosts } from '../hosts.js';
import { stsHtml } from '../sts-reply.js';
import { escapeHtml, pageShell } from '@greenscreen/host/page';

/** The page that CloudExperienceHost loads. Its real script is not public, so this one only shows what it was given (reference 02, 3.5). */
@Controller({ host: stsHosts, path: 'WebApp' })
export class CloudDomainJoinController {
  @Get('CloudDomainJoin/:version')
  @Operation('sts', 'CloudDomainJoin')
  page(@Query() query: Record<string, string>): Reply {
    const rows = Object.entries(query).map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(String(value))}</dd>`);
    const text = 'This cloud is a mock. It has no OOBE web application: simulated devices go on to the authorize endpoint by themselves.';
    return stsHtml(200, pageShell('Set up this device for work', '', `<p>${text}</p><dl>${rows.join('')}</dl>`));
  }
}
