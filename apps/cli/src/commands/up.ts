import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { addressOfOwn } from '../cloud/addresses.js';
import { openCloud, type OwnCloudOptions } from '../cloud/own-cloud.js';
import { whileWaiting } from '../cloud/waiting.js';
import { exitCodes } from '../exit-codes.js';
import { watchForInterruption } from '../interruption.js';
import { banner } from '../output/banner.js';
import { type Console } from '../output/console.js';
import { defaultRootsFile, writeRoots } from './trust.js';

/** The cloud in this process until it is asked to stop. */
export async function up(options: Omit<OwnCloudOptions, 'onProgress'>, out: Console): Promise<number> {
  const interruption = watchForInterruption(() => out.progress('\nStopping …'));
  try {
    const cloud = await whileWaiting('starting the cloud …', (onProgress) => openCloud({ ...options, onProgress }));
    try {
      const rootsFile = await writeRoots(
        addressOfOwn(cloud).control,
        options.ephemeral ? join(cloud.database, 'roots.pem') : defaultRootsFile(options.dataDir),
      );
      for (const line of banner({ cloud, rootsFile, empty: options.empty ?? false, milliseconds: performance.now() }, out.style))
        out.line(line);
      await interruption.happened;
    } finally {
      await cloud.close();
    }
    out.progress(options.ephemeral ? 'Stopped; nothing is kept.' : `Stopped; what it knows is kept in ${cloud.database}.`);
    return exitCodes.ok;
  } finally {
    interruption.dispose();
  }
}
