export * from './chain.js';
export * from './decode.js';
export * from './extensions/index.js';
export * from './issue.js';
export * from './name.js';
