import { type JournalExchange, type JournalLine, type JournalPart, type JournalView } from '@greenscreen/scenarios/cloud';
import { stringify } from 'yaml';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { type Style } from '../output/style.js';
import { statusText } from '../output/verbose-line.js';
import { withControl } from './with-control.js';

export interface JournalOptions {
  readonly control?: string;
  readonly tenant?: string;
  readonly device?: string;
  readonly serial?: string;
  readonly run?: string;
  readonly service?: string;
  readonly operation?: string;
  readonly refused?: boolean;
  readonly limit?: string;
  readonly json?: boolean;
  /** Bodies as they went over the wire. */
  readonly raw?: boolean;
}

/** The latest exchanges, or one of them whole. */
export async function journal(id: string | undefined, options: JournalOptions, out: Console): Promise<number> {
  const { control: address, json, raw, refused, ...filters } = options;
  await withControl(address, async (control) => {
    if (id !== undefined) {
      const exchange = await control.journalExchange(id);
      for (const line of json ? [JSON.stringify(exchange, null, 2)] : exchangeLines(exchange, out.style, raw === true)) out.line(line);
      return;
    }
    const lines = await control.journal({ ...filters, ...(refused ? { refused: 'true' } : {}) });
    if (json) out.line(JSON.stringify(lines, null, 2));
    else if (lines.length === 0) out.line('No exchange fits.');
    else for (const line of lines) out.line(journalLine(line, out.style));
  });
  return exitCodes.ok;
}

function journalLine(line: JournalLine, style: Style): string {
  const { id, at, service, operation, status, milliseconds, method, host, path, refusal, refusedBy } = line;
  const refused = refusal === null ? '' : style.red(`  ${refusal}${refusedBy === null ? '' : ` by ${refusedBy}`}`);
  return (
    `${style.dim(id.padStart(6))}  ${style.dim(at.slice(11, 23))}  ${service.padEnd(13)} ${operation.padEnd(18)} ${statusText(status, style)} ` +
    `${`${milliseconds.toFixed(1)} ms`.padStart(10)}  ${method} ${host}${path.split('?')[0] ?? ''}${refused}`
  );
}

/** Both messages as they can be read: decoded where the lab knows the form, and as they went over the wire with `raw` or where it does not. */
function exchangeLines(exchange: JournalExchange, style: Style, raw: boolean): string[] {
  const { method, path, host, status, requestHeaders, responseHeaders, request, response, decoded } = exchange;
  const headers = (given: Readonly<Record<string, unknown>>): string[] =>
    Object.entries(given).map(([name, value]) => `${name}: ${String(value)}`);
  const body = (given: JournalExchange['request'], view: JournalView | undefined): string[] => {
    if (view && !raw) return viewLines('', view, style);
    return ['text' in given ? given.text : `(base64) ${given.base64}`];
  };
  const parts = (found: readonly JournalPart[]): string[] => (raw ? [] : partLines(found, style));
  return [
    journalLine(exchange, style),
    '',
    style.bold(`${method} https://${host}${path}`),
    ...(decoded.query && !raw ? viewLines('query', decoded.query, style) : []),
    ...headers(requestHeaders),
    ...parts(decoded.requestHeaders),
    '',
    ...body(request, decoded.request),
    '',
    style.bold(String(status)),
    ...headers(responseHeaders),
    ...parts(decoded.responseHeaders),
    '',
    ...body(response, decoded.response),
  ];
}

/** `── body.Token: jwt`, its value below, then what is wrapped in it. */
const viewLines = (at: string, { kind, value, parts = [] }: JournalView, style: Style): string[] => [
  style.cyan(at === '' ? `── ${kind}` : `── ${at}: ${kind}`),
  ...stringify(value, { lineWidth: 0 }).trimEnd().split('\n'),
  ...partLines(parts, style, at),
];

const partLines = (parts: readonly JournalPart[], style: Style, within = ''): string[] =>
  parts.flatMap(({ at, view }) => viewLines(within === '' ? at : `${within} › ${at}`, view, style));
