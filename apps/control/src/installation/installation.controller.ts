import { Controller, Get, UseFilters } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { json, reply, type Reply } from '@greenscreen/host/reply';
import { AuthorityRecord } from '@greenscreen/model/installation';
import { X509Certificate } from 'node:crypto';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { installationAuthorities } from './authorities.js';
import { version } from './version.js';

const PEM = 'application/x-pem-file';

const programVersion = z.object({ name: z.literal('greenscreen'), version: z.string(), node: z.string() });

@Controller()
@UseFilters(new FaultFilter(controlDialect))
export class InstallationController {
  constructor(
    private readonly authorities: AuthorityStore,
    private readonly dataSource: DataSource,
  ) {}

  /** Every root authority of this installation: TLS, TPM vendors, Microsoft TPM, Entra and Intune stand-ins. Certificates around token keys are none. */
  @Get('roots.pem')
  @Operation('control', 'Roots')
  @Describe({ summary: 'The trust bundle', type: PEM })
  async roots(): Promise<Reply> {
    return reply(200, PEM, await this.bundle((certificate) => certificate.ca && certificate.checkIssued(certificate)));
  }

  /** Every intermediate authority, for programs that want the whole chain. */
  @Get('intermediates.pem')
  @Operation('control', 'Intermediates')
  @Describe({ summary: 'Every intermediate authority', type: PEM })
  async intermediates(): Promise<Reply> {
    return reply(200, PEM, await this.bundle((certificate) => certificate.ca && !certificate.checkIssued(certificate)));
  }

  @Get('version')
  @Operation('control', 'Version')
  @Describe({ summary: 'Version of the program', answer: programVersion })
  version(): Reply {
    return json(200, { name: 'greenscreen', version, node: process.version });
  }

  private async bundle(wanted: (certificate: X509Certificate) => boolean): Promise<string> {
    await Promise.all(installationAuthorities.map((definition) => this.authorities.get(definition)));
    const records = await this.dataSource.manager.find(AuthorityRecord, { order: { name: 'ASC' } });
    return records
      .map((record) => new X509Certificate(record.certificate))
      .filter(wanted)
      .map((certificate) => certificate.toString())
      .join('');
  }
}
