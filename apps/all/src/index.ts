export { type Cloud, type CloudOptions, startCloud } from './cloud.js';
export { defaultDataDir } from './database.js';
export { emulatedServices } from './services.js';
export { cloudSettings, readCloudSettings } from './settings.js';
