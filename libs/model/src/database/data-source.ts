import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { PreparingClient } from './preparing-client.js';
import { entities } from '../entities.js';
import { migrations } from '../migrations/index.js';
import { SnakeCaseNaming } from './naming.js';

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** Connections of this process; a service is single-threaded, so a few are enough. */
  readonly poolSize?: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
}

/** A data source over every table of Greenscreen; not yet connected. */
export function createDataSource({ url, poolSize = 10, applicationName = 'greenscreen' }: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    extra: { Client: PreparingClient },
    applicationName,
    entities,
    migrations,
    migrationsTableName: 'schema_migration',
    namingStrategy: new SnakeCaseNaming(),
    logging: false,
  });
}
