export { type Authority, type AuthorityDefinition, type AuthorityInput } from './authority.js';
export { AuthorityStore } from './authority-store.js';
