import { performance } from 'node:perf_hooks';
import { type MeasuredCloud } from './measured-cloud.js';

/** What services do of one kind. */
export interface Rate {
  readonly name: string;
  readonly perSecond: number;
  readonly serverCpuMilliseconds: number;
  readonly privateKeyOperations: number;
}

export const AT_ONCE = 16;
const SECONDS = 3;
const WARM_UP = 100;

/** Repeats work for some seconds, by so many workers at once; it says how many units it has done. */
export async function rateOf(cloud: MeasuredCloud, name: string, work: (worker: number) => Promise<number>): Promise<Rate> {
  const repeat = async (goesOn: (done: number) => boolean): Promise<number> => {
    let done = 0;
    const run = async (worker: number): Promise<void> => {
      while (goesOn(done)) {
        const units = await work(worker);
        done += units;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, worker) => run(worker)));
    return done;
  };
  await repeat((done) => done < WARM_UP);
  const before = await cloud.usage();
  const start = performance.now();
  const done = await repeat(() => performance.now() - start < SECONDS * 1000);
  const seconds = (performance.now() - start) / 1000;
  const after = await cloud.usage();
  return {
    name,
    perSecond: done / seconds,
    serverCpuMilliseconds: (after.cpuMilliseconds - before.cpuMilliseconds) / done,
    privateKeyOperations: (after.privateKeyOperations - before.privateKeyOperations) / done,
  };
}
