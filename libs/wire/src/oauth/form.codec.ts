/** Decoded form: the first value of each field. Names compare without regard to case. */
export class Form {
  private readonly fields = new Map<string, string>();

  constructor(pairs: Iterable<readonly [string, string]>) {
    for (const [name, value] of pairs) {
      const key = name.toLowerCase();
      if (!this.fields.has(key)) this.fields.set(key, value);
    }
  }

  /** The value; undefined when the field is missing or empty, which clients mean alike. */
  get(name: string): string | undefined {
    return this.fields.get(name.toLowerCase()) || undefined;
  }

  has(name: string): boolean {
    return this.fields.has(name.toLowerCase());
  }

  entries(): [string, string][] {
    return [...this.fields];
  }
}

/** Fields that hold base64 text, where a space can only be a `+` that was not percent-encoded (reference 02, 7.1). */
const BASE64_FIELDS = new Set(['request', 'assertion', 'client_assertion']);

/**
 * Decodes `application/x-www-form-urlencoded`, whatever Content-Type came with it: two public clients send none, one of them without
 * percent-encoding (reference 02, section 1 rule 4). Malformed escapes stay as they are.
 */
export function decodeForm(body: Buffer | string): Form {
  const text = typeof body === 'string' ? body : body.toString('utf8');
  const pairs = text
    .split('&')
    .filter((piece) => piece.trim() !== '')
    .map((piece): [string, string] => {
      const equals = piece.indexOf('=');
      const name = unescapeField(equals < 0 ? piece : piece.slice(0, equals)).trim();
      const value = equals < 0 ? '' : unescapeField(piece.slice(equals + 1));
      return [name, BASE64_FIELDS.has(name.toLowerCase()) ? value.trim().replaceAll(' ', '+') : value];
    });
  return new Form(pairs);
}

export function encodeForm(fields: Readonly<Record<string, string | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) parameters.append(name, value);
  return parameters.toString();
}

function unescapeField(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
