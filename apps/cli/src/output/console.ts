import { type Style, styleFor } from './style.js';

/** Where a command writes: results on standard output, what it is doing on standard error. */
export interface Console {
  readonly style: Style;
  /** Columns of the terminal; a fixed width when there is none. */
  readonly width: number;
  line(text?: string): void;
  /** For people who wait; never part of a result. */
  progress(text: string): void;
}

const WIDTH_WITHOUT_TERMINAL = 110;

export const processConsole = (): Console => ({
  style: styleFor(process.stdout),
  width: process.stdout.columns || WIDTH_WITHOUT_TERMINAL,
  line: (text = '') => void process.stdout.write(`${text}\n`),
  progress: (text) => void process.stderr.write(`${text}\n`),
});
