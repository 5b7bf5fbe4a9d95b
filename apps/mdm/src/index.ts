import { type ServiceDefinition } from '@greenscreen/host/service';
import { hostRules } from './hosts.js';
import { MdmModule } from './mdm.module.js';

/** Intune: enrollment, OMA-DM, and the services of the management extension. Bodies up to 1 MiB (reference 04, 0.2 rule 7). */
export const mdm: ServiceDefinition = { name: 'mdm', hosts: hostRules, module: MdmModule, bodyLimit: 1024 * 1024 };
