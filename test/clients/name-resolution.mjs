/**
 * Preloaded into a foreign program: every TLS connection goes to the gateway, whatever the name. What a hosts file does, for a process
 * without rights to write one and a gateway that is not on port 443. The names in SNI and in HTTP stay what the program asked for.
 */
import { createRequire } from 'node:module';

const tls = createRequire(import.meta.url)('node:tls');
const port = Number(process.env.GREENSCREEN_GATEWAY_PORT);
const connect = tls.connect;

tls.connect = function (...args) {
  const options = args.find((one) => typeof one === 'object' && one !== null);
  if (options && !options.socket) Object.assign(options, { servername: options.servername ?? options.host, host: '127.0.0.1', port });
  return connect.apply(this, args);
};
