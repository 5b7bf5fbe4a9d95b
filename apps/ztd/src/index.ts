import { type ServiceDefinition } from '@greenscreen/host/service';
import { hostRules } from './hosts.js';
import { ZtdModule } from './ztd.module.js';

/** Device accounts and tickets of login.live.com, and the Autopilot profile service. */
export const ztd: ServiceDefinition = { name: 'ztd', hosts: hostRules, module: ZtdModule, bodyLimit: 256 * 1024 };
