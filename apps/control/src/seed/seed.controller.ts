import { Body, Controller, Post, UseFilters } from '@nestjs/common';
import { ekAuthorityKeyIds } from '@greenscreen/crypto/ek-certificate';
import { authorityRights, type Certificate, CertificateError, decodeCertificate, fromPem, isSignedBy } from '@greenscreen/crypto/x509';
import { Clock } from '@greenscreen/host/clock';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { certificateFingerprint } from '@greenscreen/host/identity';
import { Random } from '@greenscreen/host/random';
import { json, type Reply } from '@greenscreen/host/reply';
import { AikAuthority, EkAuthority, FirmwareRule } from '@greenscreen/model/attestation';
import { encodeAuthorityHost } from '@greenscreen/wire/scep';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { Describe } from '../openapi/describe.decorator.js';
import { decodeBody } from '../request-body.js';

const minor = z.int().min(0).max(0xffff);
const seed = z.strictObject({
  /** PEM, one or several certificates each: EK authorities to trust, such as a software TPM's. */
  ekCas: z.array(z.string().min(1)).default([]),
  /** Label of the vendor that they are known as in AIK hosts. */
  ekVendor: z
    .string()
    .regex(/^[A-Z0-9]{2,4}$/)
    .default('IBM'),
  firmwareRules: z
    .array(
      z.strictObject({
        vendor: z.string().min(2),
        major: minor,
        minorFrom: minor.default(0),
        minorTo: minor.default(0xffff),
        verdict: z.enum(['vulnerable', 'accepted']),
        reason: z.string().default(''),
      }),
    )
    .default([]),
});

const seeded = z.object({ aikHosts: z.array(z.string()) });

/** Facts from outside that the emulated cloud has to know. */
@Controller('seed')
@UseFilters(new FaultFilter(controlDialect))
export class SeedController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Imports foreign EK authorities (reference 06, D-A58) and rules about TPM firmware. Answers the AIK hosts that the authorities lead to. */
  @Post()
  @Operation('control', 'Seed')
  @Describe({ summary: 'Bring facts from outside: EK authorities, rules about TPM firmware', body: seed, answer: seeded })
  async import(@Body() body: Buffer): Promise<Reply> {
    const { ekCas, ekVendor, firmwareRules } = decodeBody(seed, body);
    const authorities = ekCas.flatMap(decodeAuthorities);
    const names = authorities.flatMap(ekAuthorityKeyIds).map((keyId) => ({ vendor: ekVendor, keyId }));
    const now = await this.clock.now();
    await this.dataSource.transaction(async (em) => {
      await importAuthorities(em, authorities, names, now);
      for (const rule of firmwareRules) await em.insert(FirmwareRule, { id: this.random.uuid(), ...rule });
    });
    return json(200, { aikHosts: names.map(encodeAuthorityHost) });
  }
}

function decodeAuthorities(pem: string): Certificate[] {
  try {
    const certificates = fromPem(pem).map((der) => decodeCertificate(der));
    if (certificates.length === 0 || !certificates.every((certificate) => authorityRights(certificate).ca))
      throw new Fault('control.BadRequest', { reason: 'ekCas: needs PEM certificates of authorities' });
    return certificates;
  } catch (error) {
    if (error instanceof CertificateError) throw new Fault('control.BadRequest', { reason: `ekCas: ${error.message}` }, { cause: error });
    throw error;
  }
}

/** Again is no error. */
async function importAuthorities(
  em: EntityManager,
  authorities: readonly Certificate[],
  names: readonly Pick<AikAuthority, 'vendor' | 'keyId'>[],
  now: Date,
): Promise<void> {
  const insert = async (entity: typeof EkAuthority | typeof AikAuthority, rows: object[]): Promise<void> => {
    if (rows.length > 0) await em.createQueryBuilder().insert().into(entity).values(rows).orIgnore().execute();
  };
  await insert(
    EkAuthority,
    authorities.map((authority) => ({
      fingerprint: certificateFingerprint(authority.der),
      der: authority.der,
      trusted: isSignedBy(authority, authority.publicKey),
      importedAt: now,
    })),
  );
  await insert(
    AikAuthority,
    names.map((name) => ({ ...name, region: 'WUS', enabled: true, createdAt: now })),
  );
}
