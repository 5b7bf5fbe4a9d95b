/** `4 requests`, `1 request` */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** `850 ms`, `2.4 s`, `7 min 05 s`, `1 h 35 min` */
export function howLong(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  const two = (number: number): string => String(number).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
}

/** `08:00:01.123`, UTC. */
export const timeOfDay = (at: Date): string => at.toISOString().slice(11, 23);

/** A value of a record in a few characters. */
export function brief(value: unknown, limit = 48): string {
  const text = textOf(value);
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'string') return value === '' ? '""' : value;
  if (typeof value !== 'object') return JSON.stringify(value);
  // Of a user or a certificate, what people know it by.
  if ('userPrincipalName' in value) return String(value.userPrincipalName);
  return 'thumbprint' in value ? String(value.thumbprint) : JSON.stringify(value);
}

/** Joins words into lines of at most `width` characters, each after `indent` blanks. */
export function wrap(words: readonly string[], separator: string, width: number, indent: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of words) {
    const longer = current === '' ? word : `${current}${separator}${word}`;
    if (current !== '' && longer.length > width - indent) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  if (current !== '') lines.push(current);
  return lines.map((line) => `${' '.repeat(indent)}${line}`);
}
