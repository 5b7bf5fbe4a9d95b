import { type ServiceDefinition } from '@greenscreen/host/service';
import { hostRules } from './hosts.js';
import { StsModule } from './sts.module.js';

/** Entra's token service. */
export const sts: ServiceDefinition = { name: 'sts', hosts: hostRules, module: StsModule, bodyLimit: 256 * 1024 };
