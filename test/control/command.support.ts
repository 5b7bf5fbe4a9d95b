import { processConsole, run as greenscreen } from '@greenscreen/cli';
import { type Lab } from '../support/lab.js';

/** The `greenscreen` command against the control API of a lab: its exit code, and the lines that it wrote. */
export const commandOf =
  (lab: () => Lab) =>
  async (...words: string[]): Promise<{ code: number; text: string }> => {
    const lines: string[] = [];
    const out = {
      ...processConsole(),
      line: (text = ''): unknown => lines.push(text),
      progress: (text: string): unknown => lines.push(text),
    };
    const code = await greenscreen(['node', 'greenscreen', ...words, '--control', lab().address.control], out);
    return { code, text: lines.join('\n') };
  };
