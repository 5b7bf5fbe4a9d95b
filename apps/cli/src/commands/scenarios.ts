import { catalogue, findScenario } from '@greenscreen/scenarios/format';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';

/** The scenarios that come with Greenscreen. */
export function scenarios({ json }: { json?: boolean }, out: Console): number {
  const known = catalogue().map((id) => {
    const { title, tags, flow, expect } = findScenario(id);
    return {
      id,
      title,
      tags,
      flow: flow.map((step) => (typeof step === 'string' ? step : JSON.stringify(step))),
      screen: expect.screen ?? null,
    };
  });
  if (json) {
    out.line(JSON.stringify(known, null, 2));
    return exitCodes.ok;
  }
  const width = Math.max(...known.map(({ id }) => id.length));
  for (const { id, title } of known) out.line(`${out.style.bold(id.padEnd(width))}  ${title}`);
  return exitCodes.ok;
}
