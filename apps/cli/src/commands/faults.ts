import { type FaultLine } from '@greenscreen/scenarios/cloud';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { CommandError } from '../problem.js';
import { withControl } from './with-control.js';

export interface FaultsOptions {
  readonly control?: string;
  readonly run?: string;
  readonly tenant?: string;
}

/** Armed faults with their counts. */
export async function listFaults({ control, run, tenant }: FaultsOptions, out: Console): Promise<number> {
  const faults = await withControl(control, (client) => client.faults({ run, tenant }));
  if (faults.length === 0) out.line('No fault is armed.');
  for (const fault of faults) out.line(faultLine(fault));
  return exitCodes.ok;
}

/** Arms a fault, or a list of them, from a YAML or JSON file. */
export async function armFaults(file: string, { control, run, tenant }: FaultsOptions, out: Console): Promise<number> {
  const rules = await rulesIn(file);
  await withControl(control, async (client) => {
    for (const rule of rules) {
      const id = await client.arm({ ...(run === undefined ? {} : { run }), ...(tenant === undefined ? {} : { tenant }), ...rule });
      out.line(`Armed: fault ${id}`);
    }
  });
  return exitCodes.ok;
}

/** Clears those of a run or tenant, or all. */
export async function clearFaults({ control, run, tenant }: FaultsOptions, out: Console): Promise<number> {
  await withControl(control, (client) => client.disarmAll({ run, tenant }));
  out.line('Cleared.');
  return exitCodes.ok;
}

/** Arms a passing outage at each hop of a recorded run, or at one of them. */
export async function walkFaults(
  of: string,
  { control, step, ...scope }: FaultsOptions & { step?: string },
  out: Console,
): Promise<number> {
  const { hops, armed } = await withControl(control, (client) =>
    client.walk({ of, ...scope, ...(step === undefined ? {} : { step: Number(step) }) }),
  );
  for (const hop of hops) {
    const fault = armed.find(({ service, on }) => service === hop.service && on === hop.operation);
    out.line(
      `${String(hop.step).padStart(3)}  ${hop.service.padEnd(13)} ${hop.operation.padEnd(20)} ${fault ? `fault ${fault.id}` : ''}`.trimEnd(),
    );
  }
  return exitCodes.ok;
}

const faultLine = ({ id, service, on, match, action, run, tenant, seen, hits }: FaultLine): string =>
  `${id.padStart(6)}  ${service} ${on}  ${JSON.stringify(action)}${Object.keys(match).length === 0 ? '' : `  when ${JSON.stringify(match)}`}` +
  `${run === null ? '' : `  run ${run}`}${tenant === null ? '' : `  tenant ${tenant}`}  seen ${seen}, hit ${hits}`;

async function rulesIn(file: string): Promise<object[]> {
  let content: unknown;
  try {
    content = parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new CommandError(`faults arm: ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const rules: unknown[] = Array.isArray(content) ? content : [content];
  return rules.map((rule) => {
    if (typeof rule !== 'object' || rule === null) throw new CommandError(`faults arm: ${file} has no fault rule`);
    return rule;
  });
}
