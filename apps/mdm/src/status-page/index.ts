export { agentRequirement, isBlocking, providerNodes, statusPageNodes, userStatusPageNodes } from './status-page-nodes.js';
