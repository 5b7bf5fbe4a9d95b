export { type AgentContext } from './gateway.js';
export { NOT_DETECTED } from './install-app.js';
export { type AgentHost, ManagementExtension } from './management-extension.js';
