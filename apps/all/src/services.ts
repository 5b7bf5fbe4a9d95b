import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { drs } from '@greenscreen/drs';
import { graph } from '@greenscreen/graph';
import { type ServiceDefinition } from '@greenscreen/host/service';
import { mdm } from '@greenscreen/mdm';
import { sts } from '@greenscreen/sts';
import { ztd } from '@greenscreen/ztd';

/** The emulated services; the lab's own control API stands apart from them. */
export const emulatedServices: readonly ServiceDefinition[] = [ztd, attestation, sts, drs, mdm, graph];

/** Everything that can run in a process of its own behind a gateway, by name. */
export const everyService: ReadonlyMap<string, ServiceDefinition> = new Map(
  [...emulatedServices, control].map((definition) => [definition.name, definition]),
);
