export { emulatedNames } from './emulated-names.js';
export { type ArmedFault, type FaultRule, Greenscreen, type GreenscreenAddress, type GreenscreenTenant } from './greenscreen.js';
export { defaultImage, GreenscreenContainer, StartedGreenscreenContainer } from './greenscreen-container.js';
