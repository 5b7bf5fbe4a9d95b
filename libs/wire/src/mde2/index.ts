export * from './discover.codec.js';
