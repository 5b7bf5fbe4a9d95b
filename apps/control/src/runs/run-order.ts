import { Fault } from '@greenscreen/host/faults';
import { z } from 'zod';
import { decodeBody } from '../request-body.js';
import { type ScenarioSource } from './scenario-runner.js';

/** Characters; the longest of the catalogue has three thousand. */
const LONGEST = 256 * 1024;

const longText = z.string().min(1).max(LONGEST);
/** Body of `POST /runs`. */
export const runOrder = z.union([
  z.strictObject({ scenario: z.string().min(1).describe('id in the catalogue') }),
  z.strictObject({
    document: longText.describe('YAML or JSON'),
    file: z.string().min(1).max(256).optional().describe('what messages about the document call it'),
  }),
]);

/** The order in a body: JSON as {@link runOrder} has it, or the document itself under a media type of YAML. */
export function sourceIn(body: Buffer, contentType: string | undefined): ScenarioSource {
  if (isYaml(contentType)) {
    const { success, data } = longText.safeParse(body.toString('utf8'));
    if (!success) throw new Fault('control.BadRequest', { reason: `The document is empty, or longer than ${LONGEST} characters` });
    return { document: data };
  }
  const order = decodeBody(runOrder, body);
  if ('scenario' in order) return { id: order.scenario };
  return { document: order.document, ...(order.file === undefined ? {} : { file: order.file }) };
}

/** RFC 9512, and what was used before it. */
const isYaml = (contentType: string | undefined): boolean => /^(application|text)\/(x-)?yaml\b/i.test(contentType ?? '');
