import { type LoggerService } from '@nestjs/common';
import { destination, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

export interface LogOptions {
  readonly level: string;
  /** Pretty lines for people; defaults to whether standard error is a terminal. */
  readonly pretty?: boolean;
}

/** Structured lines on standard error, so that standard output stays free for what a command prints. */
export function createLogger({ level, pretty: forPeople = process.stderr.isTTY }: LogOptions): Logger {
  const stream = forPeople ? pretty({ destination: 2, sync: true, ignore: 'pid,hostname' }) : destination({ fd: 2, sync: false });
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}

/** Nest's own messages are of interest only when something is wrong. */
export function nestLogger(logger: Logger): LoggerService {
  const text = (message: unknown): string => (message instanceof Error ? (message.stack ?? message.message) : String(message));
  return {
    log: (message: unknown) => logger.trace(text(message)),
    debug: (message: unknown) => logger.trace(text(message)),
    verbose: (message: unknown) => logger.trace(text(message)),
    warn: (message: unknown) => logger.warn(text(message)),
    error: (message: unknown, ...rest: unknown[]) => logger.error({ detail: rest.map(text) }, text(message)),
    fatal: (message: unknown) => logger.fatal(text(message)),
  };
}
