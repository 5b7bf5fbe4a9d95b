import { generateKeyPair } from '@greenscreen/crypto/keys';
import { AuthorityRecord } from '@greenscreen/model/installation';
import { type DataSource } from 'typeorm';
import { type Authority, type AuthorityDefinition, authorityOf } from './authority.js';

/**
 * The installation's authorities: made when first asked for, kept in Postgres, the same for every service and replica. Reading one costs a
 * query once per process.
 */
export class AuthorityStore {
  private readonly known = new Map<string, Promise<Authority>>();

  constructor(private readonly dataSource: DataSource) {}

  get(definition: AuthorityDefinition): Promise<Authority> {
    const known = this.known.get(definition.name);
    if (known) return known;
    const pending = this.load(definition).catch((error: unknown) => {
      this.known.delete(definition.name);
      throw error;
    });
    this.known.set(definition.name, pending);
    return pending;
  }

  private async load(definition: AuthorityDefinition): Promise<Authority> {
    const issuing = definition.issuer && this.get(definition.issuer);
    const finding = this.find(definition.name).then((found) => found ?? this.create(definition, issuing));
    const [record, issuer] = await Promise.all([finding, issuing]);
    return authorityOf(record.name, record.certificate, record.privateKey, issuer);
  }

  private find(name: string): Promise<AuthorityRecord | null> {
    return this.dataSource.manager.findOneBy(AuthorityRecord, { name });
  }

  /** Two processes may both make one; the first row stands and both use it. */
  private async create(definition: AuthorityDefinition, issuing: Promise<Authority> | undefined): Promise<AuthorityRecord> {
    // The key is in the making while its issuer still may be: RSA-4096 takes seconds.
    const [pair, issuer] = await Promise.all([generateKeyPair(definition.algorithm), issuing]);
    const now = new Date();
    const certificate = definition.certificate({
      publicKey: pair.publicKey,
      signingKey: issuer?.privateKey ?? pair.privateKey,
      ...(issuer ? { issuer } : {}),
      now,
    });
    const privateKey = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
    await this.dataSource
      .createQueryBuilder()
      .insert()
      .into(AuthorityRecord)
      .values({ name: definition.name, issuer: definition.issuer?.name ?? null, certificate, privateKey, createdAt: now })
      .orIgnore()
      .execute();
    const stored = await this.find(definition.name);
    if (!stored) throw new Error(`Authority "${definition.name}" could not be stored`);
    return stored;
  }
}
