export * from './devices.codec.js';
