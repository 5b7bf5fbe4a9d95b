import { type RunEntry, type RunResult } from '@greenscreen/scenarios/run';

/** A GUID in any spelling. */
const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** Times as records, events and DRS write them. */
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| UTC)|\d\d-\d\d-\d{4} \d\d?:\d\d:\d\dZ/g;
/** Thumbprints and other digests, keys, certificates, signatures: hexadecimal from 32 characters on, base64 from 40 on as a whole value. */
const MATERIAL = /\b[0-9a-f]{32,}\b|(?<=")[0-9a-z+/_-]{40,}={0,2}(?=\\?")|(?<=ekcertservice\/)[^"]+/gi;
/** Follows from the TPM's endorsement key. */
const HARDWARE_ID = /(HWID\]:[^:"]+):\d+/g;
/** How long something took. */
const LENGTH = /"(ElapsedMicroseconds|Microseconds)":\d+/g;
/** What follows from an id. */
const SID = /S-1-12-1(?:-\d+){4}/g;
const COMPUTER_NAME = /\b(?:LAB-\d{5}|DESKTOP-[A-Z0-9]{7})\b/g;
const PHYSICAL_ID = /\b\d{14,19}\b/g;

/**
 * What happened in a run and what became of it, a line each: timeline, events, requests, changes of records, records at each checkpoint, the
 * outcome. Keys, signatures and wall time are masked. What goes on behind the status page, installers and the management extension, has an
 * order of its own: it comes after what goes on in front.
 */
export const exactStoryOf = (result: RunResult): string[] => story(result, (text) => text);

/** The same for runs in different tenants: an id is called by the order in which ids appear, so that one id at the same places is one text. */
export function storyOf(result: RunResult): string[] {
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    const known = names.get(id) ?? `id ${names.size + 1}`;
    names.set(id, known);
    return known;
  };
  const { run, tenant } = result;
  return story(result, (text) =>
    text
      .replaceAll(run, 'the run')
      .replaceAll(tenant.id, 'the tenant')
      .replaceAll(tenant.initialDomain, 'the initial domain')
      .replaceAll(tenant.domains[0] ?? tenant.initialDomain, 'the domain')
      .replaceAll(GUID, (id) => nameOf(id.toLowerCase()))
      .replaceAll(SID, 'a SID')
      .replaceAll(COMPUTER_NAME, nameOf)
      .replaceAll(PHYSICAL_ID, nameOf),
  );
}

function story({ entries, outcome, differences }: RunResult, unnamed: (text: string) => string): string[] {
  const masked = (value: unknown): string =>
    unnamed(JSON.stringify(value).replaceAll(TIME, 'a time'))
      .replaceAll(HARDWARE_ID, '$1:key material')
      .replaceAll(LENGTH, '"$1":"wall time"')
      .replaceAll(MATERIAL, 'key material');
  const { screen, hresult, disposition, text, dsreg } = outcome;
  // Which roots there are to trust is the installation's affair: they are made when they are first needed.
  const certificates = outcome.certificates.filter(({ store }) => !store.endsWith('Root'));
  return [
    ...[...entries.filter((entry) => !isBehind(entry)), ...entries.filter(isBehind)].map((entry) =>
      masked({ ...entry, at: undefined, ...('milliseconds' in entry ? { milliseconds: lengthOf(entry.milliseconds) } : {}) }),
    ),
    ...[...outcome.snapshots].map((snapshot) => masked(snapshot)),
    masked({ screen, hresult, disposition, text, certificates, dsreg, differences }),
  ];
}

/** Waits in whole seconds are the device's; all else is what was left of one, or how long the machine took. */
const lengthOf = (milliseconds: number): number | string => (milliseconds % 1000 === 0 ? milliseconds : 'wall time');

const installing = [1905, 1906, 1920, 1922, 1924, 296, 297, 298, 299];

const isBehind = (entry: RunEntry): boolean =>
  entry.kind === 'event'
    ? installing.includes(entry.id)
    : (entry.kind === 'exchange' || entry.kind === 'exchange-failed') && ['ime', 'content'].includes(entry.service);
