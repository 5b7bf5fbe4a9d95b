import { All, Body, Controller, HttpCode, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { encodeDeviceAddFailure } from '@greenscreen/wire/msa';
import { msaHosts } from '../hosts.js';
import { ZtdServices } from '../ztd-services.js';
import { deviceAddOperation } from './device-add.operation.js';
import { deviceAddDialect, xmlReply } from './msa-dialects.js';
import { msaFaults } from './msa.errors.js';

@Controller({ host: msaHosts, path: 'ppsecure/deviceaddcredential.srf' })
@UseFilters(new FaultFilter(deviceAddDialect))
export class DeviceAddController {
  constructor(private readonly ztd: ZtdServices) {}

  @Post()
  @HttpCode(200)
  @Operation('msa', 'DeviceAdd')
  async add(@Body() body: Buffer): Promise<Reply> {
    return body.length === 0 ? this.probe() : deviceAddOperation(this.ztd, body);
  }

  /** Reachability checks look for the word `DeviceAddResponse` in whatever comes (reference 01, 4.1). */
  @All()
  @Operation('msa', 'Probe')
  async probe(): Promise<Reply> {
    await this.ztd.clock.now();
    const { code = '', reqstatus = '' } = msaFaults['msa.InvalidRequest'] ?? {};
    return xmlReply(200, encodeDeviceAddFailure({ code, subcode: reqstatus }));
  }
}
