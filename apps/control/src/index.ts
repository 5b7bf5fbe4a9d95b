import { type ServiceDefinition } from '@greenscreen/host/service';
import { ControlModule } from './control.module.js';

/** A lab file comes in one piece. */
const BODY_LIMIT = 128 * 1024 * 1024;

/** The lab's own API: on its own port, never on a Microsoft host name. */
export const control: ServiceDefinition = { name: 'control', hosts: [], module: ControlModule, bodyLimit: BODY_LIMIT };
