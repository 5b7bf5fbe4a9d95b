export { toEventsXml } from './events-xml.js';
export { toHar } from './har.js';
export { writeArtefacts } from './write-artefacts.js';
