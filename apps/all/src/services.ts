import { attestation } from '@greenscreen/attestation';
import { drs } from '@greenscreen/drs';
import { graph } from '@greenscreen/graph';
import { type ServiceDefinition } from '@greenscreen/host/service';
import { mdm } from '@greenscreen/mdm';
import { sts } from '@greenscreen/sts';
import { ztd } from '@greenscreen/ztd';

/** The emulated services; the lab's own control API stands apart from them. What runs one of them alone takes it from `service-loaders.ts`. */
export const emulatedServices: readonly ServiceDefinition[] = [ztd, attestation, sts, drs, mdm, graph];
