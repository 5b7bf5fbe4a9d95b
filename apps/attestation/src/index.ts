import { type ServiceDefinition } from '@greenscreen/host/service';
import { AttestationModule } from './attestation.module.js';
import { hostRules } from './hosts.js';

/** TPM attestation: EK certificates of the vendors, and the AIK certificate authority. */
export const attestation: ServiceDefinition = {
  name: 'attestation',
  hosts: hostRules,
  module: AttestationModule,
  bodyLimit: 256 * 1024,
};
