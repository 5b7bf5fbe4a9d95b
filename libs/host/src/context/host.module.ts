import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuthorityStore } from '../authority/authority-store.js';
import { Clock } from '../clock/clock.js';
import { AIK_SOURCE } from '../identity/aik.js';
import { ModelAikSource } from '../identity/model-aik-source.js';
import { FaultRules } from '../injection/fault-rules.js';
import { Journal } from '../journal/journal.js';
import { Random } from '../random/random.js';
import { type ServiceContext } from './service-context.js';

/** Token of the process's pino logger: `@Inject(LOGGER) logger: Logger`. */
export const LOGGER = Symbol('logger');

/** Token of an AbortSignal that says that the process begins to stop. */
export const STOPPING = Symbol('stopping');

/** Offers what a {@link ServiceContext} holds to every module of a service: DataSource, Clock, Random, AuthorityStore, Journal, LOGGER, STOPPING, AIK_SOURCE. */
@Global()
@Module({})
export class HostModule {
  static of(context: ServiceContext): DynamicModule {
    const providers = [
      { provide: DataSource, useValue: context.dataSource },
      { provide: Clock, useValue: context.clock },
      { provide: Random, useValue: context.random },
      { provide: AuthorityStore, useValue: context.authorities },
      { provide: Journal, useValue: context.journal },
      { provide: FaultRules, useValue: context.faultRules },
      { provide: LOGGER, useValue: context.logger },
      { provide: STOPPING, useValue: context.stopping.signal },
      { provide: AIK_SOURCE, useValue: new ModelAikSource(context.dataSource, context.authorities) },
    ];
    return { module: HostModule, providers, exports: providers };
  }
}
