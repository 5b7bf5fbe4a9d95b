import { type RunSummary, type ServerSentEvent } from '@greenscreen/scenarios/cloud';

/** A run whose device waits in real time, a fifth of a second at a time: it goes on until somebody ends it. */
export const slow = JSON.stringify({
  apiVersion: 'whiteglove.lab/v1',
  id: 'slow',
  clock: { mode: 'real' },
  flow: Array.from({ length: 600 }, () => ({ wait: '200ms' })),
});

/** What a client of the API says and hears, by nothing but HTTP. */
export class RunsClient {
  constructor(readonly base: string) {}

  async call(method: string, path: string, body?: object | string, headers: Record<string, string> = {}) {
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const response = await fetch(`${this.base}${path}`, { method, headers, ...(text === undefined ? {} : { body: text }) });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, answer: answer === '' ? undefined : (JSON.parse(answer) as unknown) };
  }

  async start(body: object): Promise<RunSummary> {
    const { status, answer } = await this.call('POST', '/runs', body);
    if (status !== 202) throw new Error(`Not started: ${status} ${JSON.stringify(answer)}`);
    return answer as RunSummary;
  }

  async read(run: string): Promise<RunSummary> {
    return (await this.call('GET', `/runs/${run}`)).answer as RunSummary;
  }

  /** The events behind one, up to the end of the stream, or up to the first that `enough` is happy with: then the connection is cut. */
  async follow(run: string, after?: number, enough: (event: ServerSentEvent) => boolean = () => false): Promise<ServerSentEvent[]> {
    const cut = new AbortController();
    const headers: Record<string, string> = after === undefined ? {} : { 'Last-Event-ID': String(after) };
    const response = await fetch(`${this.base}/runs/${run}/events`, { headers, signal: cut.signal });
    if (response.headers.get('content-type') !== 'text/event-stream') throw new Error(`No stream: ${response.status}`);
    const events: ServerSentEvent[] = [];
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const found = /^id: (\d+)\nevent: ([\w-]+)\ndata: (.*)$/.exec(text.slice(0, end));
        text = text.slice(end + 2);
        if (!found) continue;
        const [, id = '', event = '', data = ''] = found;
        events.push({ id, event, data });
        if (!enough({ id, event, data })) continue;
        cut.abort();
        return events;
      }
    }
    return events;
  }
}
