import { type ServiceDefinition } from '@greenscreen/host/service';
import { ControlModule } from './control.module.js';

/** The lab's own API: on its own port, never on a Microsoft host name. */
export const control: ServiceDefinition = { name: 'control', hosts: [], module: ControlModule, bodyLimit: 8 * 1024 * 1024 };
