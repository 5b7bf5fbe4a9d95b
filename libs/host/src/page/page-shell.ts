const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

const STYLE = `*{box-sizing:border-box}
body{font:15px/1.45 "Segoe UI",system-ui,"DejaVu Sans",sans-serif;background:#e9edf2;margin:0;min-height:100vh;display:flex;flex-direction:column;color:#1b1b1b}
.lab{background:#1f6f43;color:#fff;padding:.6rem 1rem;text-align:center;font-size:.87rem}.lab b{letter-spacing:.02em}
main{width:27.5rem;max-width:calc(100% - 2rem);margin:auto;padding:2.75rem;background:#fff;border-radius:4px;box-shadow:0 2px 8px rgba(0,0,0,.18)}
h1{font-size:1.5rem;font-weight:600;line-height:1.25;margin:0 0 .5rem}p{margin:.5rem 0}
label{display:block;margin:1.1rem 0 .2rem;font-size:.87rem;color:#444}
input{width:100%;font:inherit;padding:.45rem 0;border:0;border-bottom:1px solid #767676;background:transparent;border-radius:0}
input:focus{outline:0;border-bottom:2px solid #1f6f43;padding-bottom:calc(.45rem - 1px)}
.buttons{display:flex;justify-content:flex-end;gap:.5rem;margin-top:1.75rem}
button,.button{font:inherit;min-width:7rem;display:inline-block;text-align:center;text-decoration:none;color:#fff;background:#1f6f43;border:1px solid #1f6f43;border-radius:2px;padding:.4rem 1.25rem;cursor:pointer}
button:hover,button:focus-visible,.button:hover{background:#185836}button.second,.button.second{color:#1b1b1b;background:#e6e6e6;border-color:#e6e6e6}
.error{color:#b10e1c}.who{color:#444;overflow-wrap:anywhere}code{white-space:nowrap}.hint{color:#595959;font-size:.87rem;margin-top:1.75rem;padding-top:1rem;border-top:1px solid #e1e1e1}
code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.9em}dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}`;

/** A page of the mock, which says that it is one. `script` is a complete script element, or empty; `content` is HTML. */
export const pageShell = (title: string, script: string, content: string): string =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">${script}
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>
<div class="lab" role="note"><b>Greenscreen</b>: a lab's mock of the Microsoft cloud. Use lab accounts only.</div>
<main>${content}</main></body></html>`;

/** Fields that a form carries along. */
export const hiddenFields = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('');
