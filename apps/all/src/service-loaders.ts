import { type RunnerLoader } from '@greenscreen/control';
import { type ServiceDefinition } from '@greenscreen/host/service';

/**
 * Everything that can run in a process of its own behind a gateway, by name; loaded when it is to run, so that a process carries nothing of the
 * other services. The control API plays runs by the runner that it is given.
 */
export const serviceLoaders: ReadonlyMap<string, (runner?: RunnerLoader) => Promise<ServiceDefinition>> = new Map<
  string,
  (runner?: RunnerLoader) => Promise<ServiceDefinition>
>([
  ['ztd', async () => (await import('@greenscreen/ztd')).ztd],
  ['attestation', async () => (await import('@greenscreen/attestation')).attestation],
  ['sts', async () => (await import('@greenscreen/sts')).sts],
  ['drs', async () => (await import('@greenscreen/drs')).drs],
  ['mdm', async () => (await import('@greenscreen/mdm')).mdm],
  ['graph', async () => (await import('@greenscreen/graph')).graph],
  ['control', async (runner) => (await import('@greenscreen/control')).controlWith(runner)],
]);
