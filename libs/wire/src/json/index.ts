export { JsonFormatError } from './error.js';
export * from './members.js';
