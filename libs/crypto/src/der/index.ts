export { DerError } from './error.js';
export * from './read.js';
export * from './write.js';
