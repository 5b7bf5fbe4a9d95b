import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type Response } from 'express';
import { findExchange } from '../exchange/exchange.js';
import { type Reply, reply, writeReply } from '../reply/reply.js';
import { Fault, type FaultDetail, type FaultEntry, faultText, type FaultTable } from './fault.js';
import { isUnstorableText } from './unstorable-text.js';

/** A fault with its row looked up, ready to be written. */
export interface Refusal<E extends FaultEntry = FaultEntry> {
  readonly code: string;
  readonly entry: E;
  readonly text: string;
  readonly detail: FaultDetail;
}

/** How one dialect writes its refusals. */
export interface FaultDialect<E extends FaultEntry = FaultEntry> {
  readonly table: FaultTable<E>;
  /** Code for anything that is not a Fault: the bland 500 of this dialect. */
  readonly internal: string;
  /** The refusal of text that no record can hold, which nothing before the database looks for. */
  readonly unstorable: { readonly code: string; readonly detail?: FaultDetail };
  render(refusal: Refusal<E>): Reply;
}

/** Use as `@UseFilters(new FaultFilter(dialect))` on the controllers of that dialect. */
@Catch()
export class FaultFilter<E extends FaultEntry> implements ExceptionFilter {
  constructor(private readonly dialect: FaultDialect<E>) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const exchange = findExchange();
    const answer = error instanceof HttpException ? reply(error.getStatus()) : this.render(error);
    if (exchange) exchange.reply = answer;
    writeReply(response, answer);
  }

  private render(thrown: unknown): Reply {
    const exchange = findExchange();
    const { code, detail } = this.dialect.unstorable;
    const error = isUnstorableText(thrown) ? new Fault(code, detail, { cause: thrown }) : thrown;
    const known = error instanceof Fault ? this.dialect.table[error.code] : undefined;
    const fault = error instanceof Fault && known ? error : new Fault(this.dialect.internal, {}, { cause: error });
    const entry = known ?? this.dialect.table[this.dialect.internal];
    if (!entry) throw new Error(`The fault table lacks its own row "${this.dialect.internal}"`);
    if (exchange) {
      exchange.refusal = fault.code;
      if (!known) exchange.failure = error;
    }
    return this.dialect.render({ code: fault.code, entry, text: faultText(entry, fault.detail), detail: fault.detail });
  }
}

/** For requests that no controller of a service takes, and for what escapes every dialect: an empty answer. */
@Catch()
export class BlandFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const exchange = findExchange();
    const answer = reply(error instanceof HttpException ? error.getStatus() : 500);
    if (exchange) {
      exchange.reply = answer;
      if (!(error instanceof HttpException)) exchange.failure = error;
    }
    writeReply(host.switchToHttp().getResponse<Response>(), answer);
  }
}
