export { setUpAccount } from './account-setup.js';
export { type SetupOutcome, setUpDevice } from './device-setup.js';
export { installProviders } from './provider-installation.js';
export { APPS_FAILED, PageTimeoutError, TIMED_OUT } from './page-errors.js';
export { customErrorText, type PageButtons, pageButtons } from './page-settings.js';
export { type Registration, runRegistration } from './registration-line.js';
export { prepareForReseal } from './reseal.js';
export { type PageContext, StatusPage } from './status-page.js';
export { type Category, type Line, linesOf, lineTitles, type SilentStep, subcategoryName } from './subcategories.js';
