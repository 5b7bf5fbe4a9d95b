export { OutOfBoxExperience, type OobeOptions } from './out-of-box-experience.js';
export { type Disposition, type FinalScreen, type PhaseResult } from './phase-result.js';
export { type UserAtTheDevice } from './user-phase.js';
export { type Technician } from './technician-phase.js';
