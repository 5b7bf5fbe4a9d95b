import { reply, type Reply } from '@greenscreen/host/reply';
import { page } from '../../enrollment/portal/page.js';
import { xml } from '@greenscreen/wire/xml';

/** A text as a JavaScript literal that may stand inside `<script>`. */
export const scriptText = (text: string, quote: '"' | "'"): string => {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('<', '\\u003c').replaceAll("'", '\\u0027');
  return quote + inner + quote;
};

/** A page whose script runs in the browser of Windows. */
export const scriptPage = (title: string, script: string, body = ''): Reply =>
  reply(
    200,
    'text/html; charset=UTF-8',
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><title>${title}</title></head><body>${body}<script>${script}</script></body></html>`,
  );

/** Fleet answers a question that lacks something with a 500 (reference 04, 1.4). */
export const serverError = (reason: string): Reply => page(500, 'Internal Server Error', xml`<p>${reason}</p>`);
