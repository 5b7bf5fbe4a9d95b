import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Response } from 'express';
import { from, lastValueFrom, mergeMap, NEVER, type Observable } from 'rxjs';
import { type Exchange, findExchange } from '../exchange/exchange.js';
import { nameFor, operationOf } from '../exchange/operation.decorator.js';
import { type FaultRules } from '../injection/fault-rules.js';
import { type RecordMutations } from '../injection/record-mutations.js';
import { injectBefore, writeInjected } from '../injection/inject.js';
import { type Reply, writeReply } from './reply.js';

/** Names the exchange after its handler, lets armed faults have their way, and writes the {@link Reply} that the handler returns. */
@Injectable()
export class ReplyInterceptor implements NestInterceptor<Reply> {
  constructor(
    private readonly faultRules: FaultRules,
    private readonly mutations: RecordMutations,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<never> {
    const exchange = findExchange();
    const named = operationOf(context.getHandler());
    if (exchange && named) {
      exchange.service = nameFor(named.service, exchange);
      exchange.operation = nameFor(named.operation, exchange);
    }
    const response = context.switchToHttp().getResponse<Response>();
    // Nest would write an answer of its own once the handler has completed. It never hears of it: nothing holds on to what waits here.
    return from(this.answer(exchange, response, next)).pipe(mergeMap(() => NEVER));
  }

  private async answer(exchange: Exchange | undefined, response: Response, next: CallHandler<Reply>): Promise<void> {
    const injection = exchange && (await this.faultRules.match(exchange));
    if (exchange && injection) {
      exchange.injection = injection;
      await this.mutations.apply(injection, exchange.traceId);
    }
    const before = injection ? await injectBefore(injection, response) : ({ answered: false } as const);
    const answer = before.answered ? before.reply : await lastValueFrom(next.handle());
    if (!answer) return;
    if (exchange) exchange.reply = answer;
    if (injection && !before.answered) await writeInjected(injection, response, answer);
    else writeReply(response, answer);
  }
}
