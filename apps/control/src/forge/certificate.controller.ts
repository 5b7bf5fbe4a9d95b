import { Body, Controller, Post, UseFilters } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { ekVendor, type EkVendorAuthorities } from '@greenscreen/host/authority/definitions';
import { Clock } from '@greenscreen/host/clock';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Random } from '@greenscreen/host/random';
import { json, type Reply } from '@greenscreen/host/reply';
import { aikRegions, encodeAuthorityHost } from '@greenscreen/wire/scep';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { decodeBody } from '../request-body.js';
import { decodeEkPublic } from './ek-public.js';
import { ekDefects, type EkOrder, manufactureEk, recordEk } from './manufacture-ek.js';

const order = z.strictObject({
  profile: z.literal('ek'),
  /** TPMT_PUBLIC or TPM2B_PUBLIC. */
  ekPublic: z.base64().min(1),
  /** Label: `IFX`, `INTC`, `AMD`, …; `MSFT-vm` stands for MSFT. */
  vendor: z.string().min(1),
  model: z.string().min(1),
  firmware: z.string().regex(/^(\d+(\.\d+)*|id:[0-9A-Fa-f]+)$/, 'is neither a version such as 7.62 nor id:0007003E'),
  defect: z.enum(ekDefects).default('none'),
  publish: z.boolean().default(false),
  /** Certified by the authorities in an Intel chip (ODCA). */
  onDie: z.boolean().default(false),
  /** Region of the AIK authority, when this is its first certificate. */
  region: z.enum(aikRegions).default('WUS'),
  quirks: z
    .strictObject({
      multiValuedName: z.boolean().default(false),
      explicitDefaults: z.boolean().default(false),
      subject: z.string().optional(),
    })
    .prefault({}),
});

/** Certificates that come from outside of the emulated cloud. */
@Controller('forge')
@UseFilters(new FaultFilter(controlDialect))
export class ForgeCertificateController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly authorities: AuthorityStore,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** An EK certificate from a TPM vendor's factory (reference 06, D-A58): `{certificate, chain, onDie, aikHost}`, base64 DER, the issuer first. */
  @Post('certificate')
  @Operation('control', 'ForgeCertificate')
  async certificate(@Body() body: Buffer): Promise<Reply> {
    const { ekPublic, vendor, quirks, model, firmware, defect, publish, onDie, region } = decodeBody(order, body);
    const { subject, ...switches } = quirks;
    const authorities = vendorOf(vendor);
    if (onDie && authorities.vendor.label !== 'INTC')
      throw new Fault('control.BadRequest', { reason: 'onDie: only Intel certifies in the chip' });
    const complete: EkOrder = {
      model,
      firmware,
      defect,
      publish,
      onDie,
      region,
      ek: decodeEkPublic(ekPublic),
      vendor: authorities,
      quirks: { ...switches, ...(subject === undefined ? {} : { subject }) },
      serial: this.random.bytes(16),
      now: await this.clock.now(),
    };
    const made = await manufactureEk(this.authorities, complete);
    await this.dataSource.transaction((em) => recordEk(em, made, complete));
    return json(201, {
      certificate: made.record.der.toString('base64'),
      chain: made.chain.map((der) => der.toString('base64')),
      onDie: made.onDie.map((der) => der.toString('base64')),
      aikHost: encodeAuthorityHost(made.authority),
    });
  }
}

function vendorOf(label: string): EkVendorAuthorities {
  const vendor = ekVendor(label.replace(/-vm$/i, ''));
  if (!vendor) throw new Fault('control.BadRequest', { reason: `vendor: the lab plays no TPM vendor "${label}"` });
  return vendor;
}
