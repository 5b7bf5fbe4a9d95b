import { Body, Controller, Get, HttpCode, Post, Query, UseFilters } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type AikAuthority } from '@greenscreen/model/attestation';
import { AIK_SCEP_PATH, decodeScepOperation } from '@greenscreen/wire/scep';
import { AttestationServices } from '../attestation-services.js';
import { AIK_HOST } from '../hosts.js';
import { AikFaultFilter } from './aik-fault.filter.js';
import { authorityOfHost } from './authority-of-host.js';
import { getCaCaps, getCaCert, getCaCertChain } from './discovery.operations.js';
import { pkiOperation, pkiOperationName } from './pki-operation.js';

/** SCEP of every authority of the AIK service (reference 03, 2.2). */
@Controller({ host: AIK_HOST.replace('*', ':authority'), path: AIK_SCEP_PATH.slice(1) })
@UseFilters(AikFaultFilter)
export class ScepController {
  constructor(private readonly services: AttestationServices) {}

  @Get()
  @Operation('aik', ({ path }) => decodeScepOperation(operationIn(path)) ?? 'Unknown')
  async get(@Query('operation') name?: string): Promise<Reply> {
    const authority = await this.authority();
    switch (decodeScepOperation(name)) {
      case 'GetCACaps':
        return getCaCaps(this.services, authority);
      case 'GetCACertChain':
        return getCaCertChain(this.services, authority);
      case 'GetCACert':
        return getCaCert(this.services, authority);
      default:
        throw new Fault('attestation.unparsable');
    }
  }

  @Post()
  @HttpCode(200)
  @Operation('aik', ({ path, body }) => (operationIn(path) === 'PKIOperation' ? pkiOperationName(body) : 'Unknown'))
  async post(@Body() body: Buffer, @Query('operation') name?: string): Promise<Reply> {
    const authority = await this.authority();
    if (decodeScepOperation(name) !== 'PKIOperation') throw new Fault('attestation.unparsable');
    return pkiOperation(this.services, authority, body);
  }

  private authority(): Promise<AikAuthority> {
    return authorityOfHost(this.services.em, currentExchange().host);
  }
}

const operationIn = (path: string): string | undefined => new URL(path, 'http://localhost').searchParams.get('operation') ?? undefined;
