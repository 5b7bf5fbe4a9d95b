export { type Console, processConsole } from './output/console.js';
export { run } from './program.js';
