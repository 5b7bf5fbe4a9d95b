export { type Check, runChecks } from './checks.js';
export { currentExchange, type Exchange, exchanges, findExchange } from './exchange.js';
export { exchangeMiddleware } from './exchange.middleware.js';
export { Operation, operationOf } from './operation.decorator.js';
