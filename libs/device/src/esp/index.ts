export { setUpAccount } from './account-setup.js';
export { setUpDevice } from './device-setup.js';
export { installProviders } from './provider-installation.js';
export { prepareForReseal } from './reseal.js';
export { type PageContext, PageTimeoutError, StatusPage, TIMED_OUT } from './status-page.js';
export { type Category, type Line, linesOf, lineTitles, subcategoryName } from './subcategories.js';
