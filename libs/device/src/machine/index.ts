export { createSimulatedDevice, type SimulatedDevice, type SimulatedDeviceOptions } from './simulated-device.js';
export { type TimePasses, VirtualClock } from './virtual-clock.js';
