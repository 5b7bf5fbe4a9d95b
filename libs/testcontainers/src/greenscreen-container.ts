import { AbstractStartedContainer, GenericContainer, type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers';
import { emulatedNames } from './emulated-names.js';
import { Greenscreen } from './greenscreen.js';

const GATEWAY = 443;
const HTTP = 80;
const CONTROL = 8088;
/** A cold start with a database of its own takes some 3 s; a busy machine with a cold disk needs longer. */
const STARTUP_MS = 120_000;

/** The image that `docker compose build` makes; `GREENSCREEN_IMAGE` names another. */
export const defaultImage = (): string => process.env.GREENSCREEN_IMAGE ?? 'greenscreen';

/** The whole cloud in one container with a database of its own, gone with the container. */
export class GreenscreenContainer extends GenericContainer {
  constructor(image = defaultImage()) {
    super(image);
    this.withExposedPorts(GATEWAY, HTTP, CONTROL)
      .withCommand(['up', '--ephemeral'])
      .withWaitStrategy(Wait.forHttp('/ready', CONTROL))
      .withStartupTimeout(STARTUP_MS);
  }

  /** Start without the seeded tenant. */
  withoutSeed(): this {
    return this.withEnvironment({ GREENSCREEN_EMPTY: 'true' });
  }

  /** Joins a network in which the emulated host names lead here: other containers there need the roots and nothing else. */
  withEmulatedNames(network: StartedNetwork, ...more: string[]): this {
    return this.withNetwork(network).withNetworkAliases(...emulatedNames, ...more);
  }

  override async start(): Promise<StartedGreenscreenContainer> {
    return new StartedGreenscreenContainer(await super.start());
  }
}

export class StartedGreenscreenContainer extends AbstractStartedContainer {
  /** The cloud in it. */
  readonly greenscreen: Greenscreen;

  constructor(container: StartedTestContainer) {
    super(container);
    const [gatewayPort, httpPort, controlPort] = [GATEWAY, HTTP, CONTROL].map((port) => container.getMappedPort(port));
    if (gatewayPort === undefined || httpPort === undefined || controlPort === undefined) throw new Error('A port is not mapped');
    const address = { host: container.getHost(), gatewayPort, httpPort, controlPort };
    this.greenscreen = new Greenscreen(address, async () => void (await this.stop()));
  }
}
