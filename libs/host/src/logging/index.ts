export { createLogger, type Logger, type LogOptions, nestLogger } from './logger.js';
