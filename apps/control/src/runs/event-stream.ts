import { type Response } from 'express';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunStore } from './run-store.js';
import { stateOf } from './run-view.js';

/** How long nothing new is waited for before the rows are read again: any process may be the one that writes them. */
const PAUSE_MS = 150;
/** Proxies cut connections on which nothing comes. */
const SILENCE_MS = 15_000;

export interface EventStream {
  readonly store: RunStore;
  readonly run: string;
  /** Number of the last event that the client has. */
  readonly after: number;
  /** Ends the stream where it is: the client goes on elsewhere, by the number of its last event. */
  readonly stopping: AbortSignal;
  /** The run still waits for somebody to play it. */
  readonly onWaiting: () => void;
}

/**
 * Writes the entries of a run as server-sent events (WHATWG HTML, 9.2) until it is over: `id` is an entry's number, `event` its kind, `data` its
 * JSON; at the end comes `end` with the state. A client that is cut off continues with `Last-Event-ID`.
 */
export async function streamEvents(response: Response, { store, run, after, stopping, onWaiting }: EventStream): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([stopping, gone.signal]);
  // The connection goes with the stream: one that is kept would hold up a process that waits for its connections to stop.
  const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', Connection: 'close' };
  response.writeHead(200, headers);
  response.flushHeaders();
  let sent = after;
  let quiet = 0;
  while (!signal.aborted) {
    if (await store.buryLost()) onWaiting();
    // Before the entries: what is over now has written all of them.
    const row = await store.find(run);
    const { entries, full } = await store.entriesAfter(run, sent);
    for (const { number, kind, entry } of entries) await write(response, eventOf(number, kind, entry), signal);
    sent = entries.at(-1)?.number ?? sent;
    quiet = entries.length > 0 ? 0 : quiet + PAUSE_MS;
    if (full) continue;
    if (!row || row.endedAt) {
      await write(response, eventOf(sent + 1, 'end', JSON.stringify({ state: row ? stateOf(row) : 'forgotten' })), signal);
      break;
    }
    if (!row.startedAt) onWaiting();
    if (quiet >= SILENCE_MS) {
      await write(response, ':\n\n', signal);
      quiet = 0;
    }
    await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  response.end();
}

const eventOf = (number: number, kind: string, data: string): string => `id: ${number}\nevent: ${kind}\ndata: ${data}\n\n`;

/** Waits for a client that reads slowly. */
async function write(response: Response, text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || response.write(text)) return;
  await once(response, 'drain', { signal }).catch(() => undefined);
}
