export { createGreenscreen, type InProcessOptions } from './create-greenscreen.js';
