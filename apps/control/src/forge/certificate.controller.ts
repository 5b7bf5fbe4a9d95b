import { Body, Controller, Post, UseFilters } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { ekVendor, type EkVendorAuthorities } from '@greenscreen/host/authority/definitions';
import { Clock } from '@greenscreen/host/clock';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { Random } from '@greenscreen/host/random';
import { json, type Reply } from '@greenscreen/host/reply';
import { aikRegions, encodeAuthorityHost } from '@greenscreen/wire/scep';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';
import { clientDefects, forgeClient } from './forge-device.js';
import { decodeEkPublic } from './ek-public.js';
import { ekDefects, type EkOrder, manufactureEk, recordEk } from './manufacture-ek.js';

const ekOrder = z.strictObject({
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

const clientOrder = z.strictObject({
  profile: z.enum(['device', 'mdm']),
  tenant: z.uuid(),
  deviceId: z.uuid(),
  userObjectId: z.uuid().optional(),
  /** SubjectPublicKeyInfo, DER; without one, a key is made and given out. */
  publicKey: z.base64().optional(),
  defect: z.enum(clientDefects).default('none'),
});

/** Body of `POST /forge/certificate`. */
export const certificateOrder = z.discriminatedUnion('profile', [ekOrder, clientOrder]);

const der = z.base64().describe('DER');
const forged = z.union([
  z.object({ certificate: der, chain: z.array(der), privateKey: z.base64().optional().describe('PKCS #8, DER') }),
  z.object({ certificate: der, chain: z.array(der), onDie: z.array(der), aikHost: z.string() }),
]);

/** Certificates that no device asked for, and those that come from outside of the emulated cloud. */
@Controller('forge')
@UseFilters(new FaultFilter(controlDialect))
export class ForgeCertificateController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly authorities: AuthorityStore,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * A device certificate of Entra or Intune: `{certificate, chain, privateKey?}`; or an EK certificate from a TPM vendor's factory (reference
   * 06, D-A58): `{certificate, chain, onDie, aikHost}`. Base64 DER, the issuer first.
   */
  @Post('certificate')
  @Operation('control', 'ForgeCertificate')
  @Describe({ summary: 'Forge a certificate, sound or with a defect', body: certificateOrder, answer: forged, status: 201 })
  async certificate(@Body() body: Buffer): Promise<Reply> {
    const order = decodeBody(certificateOrder, body);
    return order.profile === 'ek' ? this.ek(order) : this.client(order);
  }

  private async client({ tenant, publicKey, ...order }: z.output<typeof clientOrder>): Promise<Reply> {
    const { certificate, chain, privateKey } = await forgeClient(this.authorities, {
      ...order,
      tenantId: tenant,
      publicKey: publicKey === undefined ? undefined : keyOf(publicKey),
      now: await this.clock.now(tenant),
    });
    return json(201, {
      certificate: certificate.toString('base64'),
      chain: chain.map((der) => der.toString('base64')),
      ...(privateKey ? { privateKey: privateKey.toString('base64') } : {}),
    });
  }

  private async ek(order: z.output<typeof ekOrder>): Promise<Reply> {
    const { ekPublic, vendor, quirks, model, firmware, defect, publish, onDie, region } = order;
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

function keyOf(spki: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
  } catch (error) {
    throw new Fault('control.BadRequest', { reason: 'publicKey: is no SubjectPublicKeyInfo' }, { cause: error });
  }
}
