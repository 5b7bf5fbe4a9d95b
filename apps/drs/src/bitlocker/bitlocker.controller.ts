import { Body, Controller, Delete, Get, Param, Post, UseFilters } from '@nestjs/common';
import { ClientCertificate, type PresentedCertificate } from '@greenscreen/host/client-certificate';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { drsDialect } from '../drs-dialect.js';
import { DrsServices } from '../drs-services.js';
import { DRS_HOST } from '../hosts.js';
import { addKeysOperation, deleteKeysOperation, listKeysOperation } from './bitlocker.operations.js';

/** Recovery keys of a device, under its certificate (reference 02, 13.4 [inferred]). */
@Controller({ host: DRS_HOST, path: 'manage/:tenant/bitlocker/:deviceId' })
@UseFilters(new FaultFilter(drsDialect))
export class BitLockerController {
  constructor(private readonly drs: DrsServices) {}

  @Get()
  @Operation('drs', 'BitLockerKeys')
  list(@Param('deviceId') deviceId: string, @ClientCertificate() presented: PresentedCertificate | undefined): Promise<Reply> {
    return listKeysOperation(this.drs, { deviceId, presented });
  }

  @Post()
  @Operation('drs', 'AddBitLockerKeys')
  add(
    @Param('deviceId') deviceId: string,
    @ClientCertificate() presented: PresentedCertificate | undefined,
    @Body() body: Buffer,
  ): Promise<Reply> {
    return addKeysOperation(this.drs, { deviceId, presented }, body);
  }

  @Delete()
  @Operation('drs', 'DeleteBitLockerKeys')
  remove(
    @Param('deviceId') deviceId: string,
    @ClientCertificate() presented: PresentedCertificate | undefined,
    @Body() body: Buffer,
  ): Promise<Reply> {
    return deleteKeysOperation(this.drs, { deviceId, presented }, body);
  }
}
