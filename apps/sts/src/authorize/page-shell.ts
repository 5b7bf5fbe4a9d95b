const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

const STYLE = `body{font:15px "Segoe UI",system-ui,sans-serif;background:#eef1f4;margin:0;color:#1b1b1b}
main{box-sizing:border-box;width:27.5rem;max-width:100%;margin:12vh auto 0;padding:2.75rem;background:#fff;box-shadow:0 2px 6px rgba(0,0,0,.2)}
h1{font-size:1.5rem;font-weight:600;margin:1rem 0}label{display:block;margin:1rem 0 .25rem}
input{box-sizing:border-box;width:100%;font:inherit;padding:.4rem 0;border:0;border-bottom:1px solid #666;outline-offset:4px}
button{font:inherit;color:#fff;background:#0067b8;border:0;padding:.4rem 2rem;margin-top:1.75rem;cursor:pointer}
button.second{background:#ccc;color:#000;margin-right:.5rem}.error{color:#c50f1f}.lab{color:#595959;font-size:.85rem;margin-top:2rem}
dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}`;

/** A page of the mock. `script` is a complete script element, or empty; `content` is HTML. */
export const pageShell = (title: string, script: string, content: string): string =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${script}
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>${content}
<p class="lab">Greenscreen mock cloud. Use lab accounts only.</p></main></body></html>`;
