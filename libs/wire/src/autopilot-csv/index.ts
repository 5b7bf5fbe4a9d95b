export * from './autopilot-csv.codec.js';
export { type CsvEncoding } from './encoding.js';
export * from './error.js';
