export { Journal, journalSettings } from './journal.js';
