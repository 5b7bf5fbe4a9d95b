import { port, readConfig, text } from './config.js';
import { servicePorts } from './service-ports.js';

const listenSettings = (defaultPort: number) =>
  ({
    host: text('127.0.0.1', 'Address to listen on.'),
    port: port(defaultPort, 'Port to listen on (plain HTTP; the gateway stands in front).'),
  }) as const;

/** Where a service that is a process of its own listens: `GREENSCREEN_<SERVICE>_HOST` and `_PORT`. */
export const readListenSettings = (service: string) => readConfig(service, listenSettings(servicePorts[service] ?? 0));
