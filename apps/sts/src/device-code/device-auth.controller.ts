import { Body, Controller, Get, Post } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { type Reply } from '@greenscreen/host/reply';
import { DeviceCode } from '@greenscreen/model/sts';
import { decodeForm } from '@greenscreen/wire/oauth';
import { openFlow, signInPage } from '../sign-in/sign-in-flow.store.js';
import { stsHosts } from '../hosts.js';
import { stsHtml } from '../sts-reply.js';
import { StsServices } from '../sts-services.js';
import { codeEntryPage } from './code-entry-page.js';

/** Where a person types the code that a device shows. */
@Controller({ host: stsHosts, path: ':tenant/oauth2/deviceauth' })
export class DeviceAuthController {
  constructor(private readonly sts: StsServices) {}

  @Get()
  @Operation('sts', 'DeviceAuth')
  enter(): Reply {
    return stsHtml(200, codeEntryPage(''));
  }

  @Post()
  @Operation('sts', 'DeviceAuth')
  async signIn(@Body() body: Buffer): Promise<Reply> {
    const userCode = (decodeForm(body).get('otc') ?? '').trim().toUpperCase();
    const row = await this.sts.em.findOneBy(DeviceCode, { userCode, state: 'pending' });
    if (!row || (await this.sts.clock.now(row.tenantId ?? undefined)) >= row.expiresAt)
      return stsHtml(200, codeEntryPage("That code didn't work. Check the code and try again."));
    const flowToken = await openFlow(this.sts, { tenantSegment: row.tenantId ?? 'common', request: null, userCode });
    return stsHtml(200, await signInPage(this.sts, { flowToken, appName: 'your device' }));
  }
}
