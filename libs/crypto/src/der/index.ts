export { contextMember, decodeDer, type DecodeOptions, type DerNode } from './decode.js';
export { DerError } from './error.js';
export * from './read.js';
export { tagClasses, tags } from './tags.js';
export * from './write.js';
