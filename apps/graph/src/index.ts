import { type ServiceDefinition } from '@greenscreen/host/service';
import { GraphModule } from './graph.module.js';
import { hostRules } from './hosts.js';

/** Microsoft Graph, as far as device management needs it. An import of 500 hashes has 2 MB. */
export const graph: ServiceDefinition = { name: 'graph', hosts: hostRules, module: GraphModule, bodyLimit: 4 * 1024 * 1024 };
