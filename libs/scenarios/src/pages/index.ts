export { cataloguePages } from './catalogue-pages.js';
export { espName } from './esp-names.js';
export { scenarioPage } from './scenario-page.js';
export { type Signs, signsOf } from './signs.js';
