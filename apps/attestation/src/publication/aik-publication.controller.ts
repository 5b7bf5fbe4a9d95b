import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { aikIssuing, publicationId } from '@greenscreen/host/authority/definitions';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { AikAuthority } from '@greenscreen/model/attestation';
import { decodePublicationFolder } from '@greenscreen/wire/scep';
import { silentDialect } from '../attestation.errors.js';
import { AttestationServices } from '../attestation-services.js';
import { aikPublicationHosts } from '../hosts.js';

/** Certificates of the AIK service's issuing authorities, plain HTTP (reference 03, 2.4). */
@Controller({ host: aikPublicationHosts.map((host) => host.replace('*', ':region')) })
@UseFilters(new FaultFilter(silentDialect))
export class AikPublicationController {
  constructor(private readonly services: AttestationServices) {}

  @Get(':folder/:id.cer')
  @Operation('aik', 'Aia')
  async certificate(@Param('folder') folder: string, @Param('id') id: string): Promise<Reply> {
    const name = decodePublicationFolder(folder);
    const known = name && (await this.services.em.existsBy(AikAuthority, name));
    if (!known) throw new Fault('ek.notFound');
    const { certificate } = await this.services.authorities.get(aikIssuing(name.region, name));
    if (publicationId(certificate) !== id.toLowerCase()) throw new Fault('ek.notFound');
    return reply(200, 'application/pkix-cert', certificate);
  }
}
