/** Values of `$Config` on a sign-in page. */
export type PageConfig = Readonly<Record<string, unknown>>;

const OPEN = '$Config=';
const CLOSE = ';\n//]]></script>';

/**
 * The script element that scripted clients scrape. One slices two characters before `//]]></script>`, another re-serialises the page
 * through an HTML parser: so the exact tail, and no raw `<`, `>` or `&` inside (reference 02, 3.2 [client]).
 */
export function encodePageConfig(config: PageConfig): string {
  const json = JSON.stringify(config).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
  return `<script type="text/javascript">//<![CDATA[\n${OPEN}${json}${CLOSE}`;
}

/** Finds `$Config` in a page; undefined when there is none or it is not an object. */
export function decodePageConfig(html: string): PageConfig | undefined {
  const start = html.indexOf(OPEN);
  const end = html.indexOf('//]]>', start);
  if (start < 0 || end < 0) return undefined;
  try {
    const value: unknown = JSON.parse(html.slice(start + OPEN.length, end).replace(/[\0 \r\n;]+$/, ''));
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}
