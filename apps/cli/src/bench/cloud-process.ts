import { privateKeyOperations } from './count-private-keys.js';
import { performance } from 'node:perf_hooks';
import { explain } from '../problem.js';
import { openCloud } from '../cloud/own-cloud.js';
import { type CloudMessage } from './messages.js';

/** A cloud in a process of its own, so that what it costs can be told from what its clients cost. Speaks to its parent over IPC. */
const tell = (message: CloudMessage): void => void process.send?.(message);

const usage = (): CloudMessage => {
  const { user, system } = process.cpuUsage();
  return {
    kind: 'usage',
    privateKeyOperations: privateKeyOperations(),
    cpuMilliseconds: (user + system) / 1000,
    rss: process.memoryUsage.rss(),
  };
};

try {
  const [dataDir = ''] = process.argv.slice(2);
  const cloud = await openCloud({ ephemeral: false, dataDir, gatewayPort: 0, controlPort: 0 });
  const stop = (): void => void cloud.close().then(() => process.exit(0));
  process.on('message', (wish) => (wish === 'usage' ? tell(usage()) : stop()));
  process.on('disconnect', stop);
  process.on('SIGINT', () => undefined); // the parent stops us
  tell({
    kind: 'ready',
    milliseconds: performance.now(),
    gatewayPort: cloud.gatewayPort,
    httpPort: cloud.httpPort,
    controlPort: cloud.controlPort,
  });
} catch (error) {
  tell({ kind: 'failed', reason: explain(error) });
  process.exitCode = 1;
  process.disconnect();
}
