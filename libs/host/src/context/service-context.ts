import { randomBytes } from 'node:crypto';
import { createDataSource } from '@greenscreen/model/database';
import { InstallationSecret } from '@greenscreen/model/installation';
import { type DataSource } from 'typeorm';
import { AuthorityStore } from '../authority/authority-store.js';
import { Clock } from '../clock/clock.js';
import { FaultRules } from '../injection/fault-rules.js';
import { readConfig } from '../config/config.js';
import { Journal, journalSettings } from '../journal/journal.js';
import { type Logger } from '../logging/logger.js';
import { Random } from '../random/random.js';

/** What the services of one process share. */
export interface ServiceContext {
  readonly dataSource: DataSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly authorities: AuthorityStore;
  readonly journal: Journal;
  readonly faultRules: FaultRules;
  readonly logger: Logger;
  /** Shared by gateway and services of this installation: proves that a client-certificate header comes from the gateway. */
  readonly gatewaySecret: Buffer;
  /** Aborted when the process begins to stop: ends what does not come to an end by itself, before connections are waited for. */
  readonly stopping: AbortController;
  close(): Promise<void>;
}

export interface ContextOptions {
  readonly databaseUrl: string;
  readonly logger: Logger;
  readonly poolSize?: number;
  readonly applicationName?: string;
}

/** Connects to an up-to-date database. */
export async function createServiceContext({ databaseUrl, logger, ...pool }: ContextOptions): Promise<ServiceContext> {
  const dataSource = await createDataSource({ url: databaseUrl, ...pool }).initialize();
  const stopping = new AbortController();
  const journal = new Journal(dataSource, logger, readConfig('journal', journalSettings).entries);
  return {
    dataSource,
    clock: new Clock(dataSource),
    random: Random.ofService(),
    authorities: new AuthorityStore(dataSource),
    journal,
    faultRules: new FaultRules(dataSource),
    logger,
    gatewaySecret: await installationSecret(dataSource, 'gateway'),
    stopping,
    close: async () => {
      stopping.abort();
      await journal.flush();
      await dataSource.destroy();
    },
  };
}

/** The installation's secret of that name, made when it does not exist yet. */
async function installationSecret(dataSource: DataSource, name: string): Promise<Buffer> {
  await dataSource
    .createQueryBuilder()
    .insert()
    .into(InstallationSecret)
    .values({ name, value: randomBytes(32) })
    .orIgnore()
    .execute();
  return (await dataSource.manager.findOneByOrFail(InstallationSecret, { name })).value;
}
