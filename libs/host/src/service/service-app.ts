import 'reflect-metadata';
import { type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { clientCertificateMiddleware } from '../client-certificate/client-certificate.js';
import { HostModule } from '../context/host.module.js';
import { type ServiceContext } from '../context/service-context.js';
import { type Exchange } from '../exchange/exchange.js';
import { exchangeMiddleware } from '../exchange/exchange.middleware.js';
import { RecordMutations } from '../injection/record-mutations.js';
import { BlandFilter } from '../faults/fault.filter.js';
import { nestLogger } from '../logging/logger.js';
import { ReplyInterceptor } from '../reply/reply.interceptor.js';
import { hostMatcher, type HostRule, type ServiceDefinition } from './definition.js';
import { healthMiddleware } from './health.js';
import { rawBody } from './raw-body.js';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** A running service: an HTTP handler, and the way to stop it. */
export interface ServiceApp {
  readonly definition: ServiceDefinition;
  readonly handler: RequestHandler;
  /** The rule that covers a lower-case host name, if this service answers for it. */
  matches(host: string): HostRule | undefined;
  close(): Promise<void>;
}

/** Builds the Nest application of a service. It does not listen: a gateway in the same process, or `runService`, gives it requests. */
export async function createServiceApp(definition: ServiceDefinition, context: ServiceContext): Promise<ServiceApp> {
  const root: DynamicModule = { module: class ServiceRoot {}, imports: [HostModule.of(context), definition.module] };
  const server = express();
  server.disable('x-powered-by');
  server.disable('etag');
  const matches = hostMatcher(definition.hosts);
  server.use(healthMiddleware(matches, definition.name, context.dataSource));
  server.use(clientCertificateMiddleware(context.gatewaySecret));
  server.use(exchangeMiddleware(definition.name, (exchange, status) => finished(context, exchange, status)));
  server.use(rawBody(definition.bodyLimit));
  const app = await NestFactory.create<NestExpressApplication>(root, new ExpressAdapter(server), {
    bodyParser: false,
    logger: nestLogger(context.logger),
    abortOnError: false,
  });
  const mutations = new RecordMutations(context.dataSource, context.clock, context.random, context.logger);
  app.useGlobalInterceptors(new ReplyInterceptor(context.faultRules, mutations));
  app.useGlobalFilters(new BlandFilter());
  await app.init();
  return {
    definition,
    handler: (request, response) => void server(request, response),
    matches,
    close: () => app.close(),
  };
}

function finished({ journal, logger }: ServiceContext, exchange: Exchange, status: number): void {
  journal.record(exchange, status);
  const { service, operation, traceId, tenantId, deviceId, serial, method, host, path, refusal, refusedBy, failure } = exchange;
  const line = {
    service,
    operation,
    status,
    ms: Math.round(performance.now() - exchange.startedAt),
    traceId,
    tenantId,
    deviceId,
    serial,
    method,
    host,
    path: path.split('?')[0],
    refusal,
    refusedBy,
  };
  if (failure === undefined) logger.info(line, 'request');
  else logger.error({ ...line, err: failure }, 'request failed');
}
