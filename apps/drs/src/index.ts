import { type ServiceDefinition } from '@greenscreen/host/service';
import { DrsModule } from './drs.module.js';
import { hostRules } from './hosts.js';

/** Entra's device registration service. */
export const drs: ServiceDefinition = { name: 'drs', hosts: hostRules, module: DrsModule, bodyLimit: 256 * 1024 };
export { type DrsFault, drsFaults } from './drs.errors.js';
