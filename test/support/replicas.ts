import { afterAll, beforeAll } from '@jest/globals';
import { type ServiceDefinition } from '@greenscreen/host/service';
import { startCloud, type TestCloud } from './cloud.js';

/** Two clouds of the same services on one database: what one of them decides has to bind the other. */
export interface Replicas {
  readonly first: TestCloud;
  /** Runs the work `count` times at once, in turn on one and on the other. */
  atOnce<T>(count: number, work: (replica: TestCloud, index: number) => Promise<T>): Promise<T[]>;
}

export function useReplicas(...definitions: ServiceDefinition[]): () => Replicas {
  const running: { cloud: TestCloud; stop: () => Promise<void> }[] = [];
  beforeAll(async () => {
    for (let count = 0; count < 2; count++) running.push(await startCloud(definitions));
  }, 60_000);
  afterAll(async () => {
    for (const { stop } of running) await stop();
  });
  return () => {
    const [first, second] = running.map(({ cloud }) => cloud);
    if (!first || !second) throw new Error('The replicas are running only inside tests');
    return {
      first,
      atOnce: (count, work) => Promise.all(Array.from({ length: count }, (_, index) => work(index % 2 === 0 ? first : second, index))),
    };
  };
}
