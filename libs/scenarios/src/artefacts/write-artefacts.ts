import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunResult } from '../run/index.js';
import { toEventsXml } from './events-xml.js';
import { toHar } from './har.js';

/** Where Windows keeps the profile (reference 01, 6.6). */
const PROFILE_FILE = /AutopilotDDSZTDFile\.json$/i;

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Writes what a run left behind into a directory: the timeline, the Windows events as Event Viewer exports them, the profile file, the text of
 * dsregcmd at each checkpoint, records at each checkpoint, every certificate in PEM, the registry, and the traffic as HAR. Returns the names of
 * the files. Throws the system's error when one cannot be written.
 */
export function writeArtefacts(directory: string, result: RunResult): string[] {
  const profile = [...result.files].find(([path]) => PROFILE_FILE.test(path))?.[1];
  const files: [string, string][] = [
    ['timeline.json', pretty(result.entries)],
    ['events.xml', toEventsXml(result.entries, result.computerName)],
    ['traffic.har', pretty(toHar(result.traffic))],
    ['registry.json', pretty(result.registry)],
    ['records.json', pretty(Object.fromEntries(result.outcome.snapshots))],
    ['dsregcmd.txt', dsregcmdText(result.dsregcmd)],
    ...(profile === undefined ? [] : [['AutopilotDDSZTDFile.json', profile] as [string, string]]),
    ...certificateFiles(result).map(([name, der]): [string, string] => [join('certificates', name), pemOf(der)]),
  ];
  mkdirSync(join(directory, 'certificates'), { recursive: true });
  for (const [name, content] of files) writeFileSync(join(directory, name), content);
  return files.map(([name]) => name);
}

function dsregcmdText(texts: RunResult['dsregcmd']): string {
  return [...texts].map(([checkpoint, text]) => `===== ${checkpoint} =====\n${text.trimEnd()}\n`).join('\n');
}

/** Numbered in the order in which the device got them, named after who issued them. */
function certificateFiles({ certificates, ekCertificate }: RunResult): [string, Buffer][] {
  const stored = certificates.map(({ issuer, der }, index): [string, Buffer] => [
    `${String(index + 1).padStart(2, '0')}-${fileName(/CN=([^,+\n]+)/.exec(issuer)?.[1] ?? issuer)}.pem`,
    der,
  ]);
  return [...(ekCertificate ? [['00-endorsement-key.pem', ekCertificate] as [string, Buffer]] : []), ...stored];
}

const fileName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);

const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
