import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Response } from 'express';
import { EMPTY, from, mergeMap, type Observable } from 'rxjs';
import { findExchange } from '../exchange/exchange.js';
import { operationOf } from '../exchange/operation.decorator.js';
import { type Reply, writeReply } from './reply.js';

/** Names the exchange after its handler, and writes the {@link Reply} that the handler returns. */
@Injectable()
export class ReplyInterceptor implements NestInterceptor<Reply> {
  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<never> {
    const exchange = findExchange();
    const named = operationOf(context.getHandler());
    if (exchange && named) {
      exchange.service = named.service;
      exchange.operation = named.operation;
    }
    return from(next.handle()).pipe(
      mergeMap((answer) => {
        if (exchange) exchange.reply = answer;
        writeReply(context.switchToHttp().getResponse<Response>(), answer);
        return EMPTY;
      }),
    );
  }
}
