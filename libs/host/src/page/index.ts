export { escapeHtml, hiddenFields, pageShell } from './page-shell.js';
