export { createSimulatedDevice, type SimulatedDevice, type SimulatedDeviceOptions } from './simulated-device.js';
export { type ClockSetting, type TimePasses, VirtualClock } from './virtual-clock.js';
