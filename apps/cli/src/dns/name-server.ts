import DNS from 'dns2';
import { type HostRule, hostMatcher } from '@greenscreen/host/service';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

export interface NameServerOptions {
  /** The names to answer. */
  readonly hosts: readonly HostRule[];
  /** Where they lead: an address, or a name that is looked up for each question (the gateways of a compose network come and go). */
  readonly answer: string;
  /** Address to listen on, UDP and TCP. */
  readonly host: string;
  readonly port: number;
}

export interface NameServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Seconds: short, since a lab's addresses change. */
const TTL = 10;
const { A, AAAA, ANY } = DNS.Packet.TYPE;

/** Answers emulated names with the gateway's address, and refuses every other one: whoever asks goes on to the next server, nobody gets a wrong answer. */
export async function startNameServer({ hosts, answer, host, port }: NameServerOptions): Promise<NameServer> {
  const matches = hostMatcher(hosts);
  const server = DNS.createServer({
    udp: { type: isIP(host) === 6 ? 'udp6' : 'udp4' },
    tcp: true,
    handle: (request, send) =>
      void reply(request, matches, answer)
        .then(send)
        .catch(() => undefined), // whoever asked has gone
  });
  server.on('requestError', () => undefined); // no DNS message
  const failed = new Promise<never>((_, reject) => server.once('error', reject));
  const { udp } = await Promise.race([server.listen({ udp: { port, address: host }, tcp: { port, address: host } }), failed]);
  server.on('error', () => undefined);
  return { port: udp?.port ?? port, close: () => server.close() };
}

async function reply(request: DNS.Packet, matches: (name: string) => HostRule | undefined, answer: string): Promise<DNS.Packet> {
  const response = DNS.Packet.createResponseFromRequest(request);
  const [question] = request.questions;
  const name = question?.name.toLowerCase().replace(/\.$/, '');
  if (!question || !name || !matches(name)) {
    response.header.rcode = DNS.Packet.RCODE.REFUSED;
    return response;
  }
  response.header.aa = 1;
  try {
    for (const { address, family } of await addressesOf(answer)) {
      const type = family === 6 ? AAAA : A;
      if (question.type !== type && question.type !== ANY) continue;
      response.answers.push(DNS.Packet.createResourceFromQuestion(question, { type, ttl: TTL, address }));
    }
  } catch {
    response.header.rcode = DNS.Packet.RCODE.SERVFAIL; // the gateway is not there at the moment
  }
  return response;
}

const addressesOf = async (answer: string): Promise<readonly { address: string; family: number }[]> => {
  const family = isIP(answer);
  return family === 0 ? lookup(answer, { all: true }) : [{ address: answer, family }];
};
