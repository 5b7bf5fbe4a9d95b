import { type Cloud, type Listening, startCloud } from '@greenscreen/all';
import { KeyPool } from '@greenscreen/crypto/keys';
import { createLogger } from '@greenscreen/host/logging';
import { ControlClient } from '@greenscreen/scenarios/cloud';
import { findScenario } from '@greenscreen/scenarios/format';
import { type CloudAddress, type RunOptions, type RunResult, runScenario } from '@greenscreen/scenarios/run';
import { createRunner } from '@greenscreen/scenarios/runner';
import { afterAll, beforeAll } from '@jest/globals';
import { sharedDatabase } from './database.js';

/** The whole cloud behind its gateway, and PCs in front of it. */
export interface Lab {
  readonly cloud: Cloud;
  readonly address: CloudAddress;
  readonly control: ControlClient;
  /** Replays a scenario, the happy one unless another is given. */
  replay(options?: Partial<RunOptions>): Promise<RunResult>;
}

/** Starts the cloud before the first test of the file, on the database that all files share unless another is named. */
export function useLab(database: () => Promise<string> = sharedDatabase): () => Lab {
  const keys = new KeyPool({ rsa2048: 4 });
  let lab: Lab | undefined;
  beforeAll(async () => {
    const cloud = await startCloud({
      url: await database(),
      host: '127.0.0.1',
      gatewayPort: 0,
      httpPort: 0,
      controlPort: 0,
      empty: true,
      ephemeral: false,
      logger: createLogger({ level: process.env.GREENSCREEN_LOG_LEVEL ?? 'silent' }),
      runner: async (listening) => createRunner(addressOf(listening)),
    });
    const address = addressOf(cloud);
    const control = new ControlClient(address.control);
    const replay: Lab['replay'] = (options) =>
      runScenario({ scenario: findScenario('happy-entra-preprovision'), cloud: address, tpm: 'software', keys, ...options });
    lab = { cloud, address, control, replay };
  }, 60_000);
  afterAll(async () => {
    keys.close();
    await lab?.control.close();
    await lab?.cloud.close();
  });
  return () => {
    if (!lab) throw new Error('The lab is open only inside tests');
    return lab;
  };
}

const addressOf = ({ host, gatewayPort, httpPort, controlPort }: Listening): CloudAddress => ({
  gateway: { host, port: gatewayPort, httpPort },
  control: `http://${host}:${controlPort}`,
});
