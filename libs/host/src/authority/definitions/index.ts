export { permittedSubtrees, tlsRoot } from './tls.js';
