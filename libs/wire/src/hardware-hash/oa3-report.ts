import { escapeAttribute } from '../xml/index.js';
import { HardwareHashError } from './error.js';
import { hardwareIdentityOf } from './hardware-identity.js';
import { type HardwareReport } from './hardware-report.js';
import { missingCriticalFields, oa3PropertiesOf } from './oa3-properties.js';

/** `<HardwareReport><HardwareInventory><p n="…" v="…"/>…`: the XML that scripts read (reference 01, 1.5). A line each, without a declaration. */
export function encodeOa3Report(report: HardwareReport): string {
  const lines = oa3PropertiesOf(report).map(({ name, value }) => `    <p n="${escapeAttribute(name)}" v="${escapeAttribute(value)}"/>`);
  return ['<HardwareReport>', '  <HardwareInventory>', ...lines, '  </HardwareInventory>', '</HardwareReport>'].join('\r\n');
}

/** Scripts cut off this many lines before and after the XML (reference 01, 1.5); what stands in them is ours. */
const BANNER = [
  '',
  'The OEM Activation 3.0 hardware hash decoder of Greenscreen, a mock.',
  '',
  'Reads what a Windows PC reports about itself.',
  '',
  'The hardware hash was decoded successfully:',
  '',
  '',
];
const FOOTER = ['', '', 'The decoding is complete.', ''];

/** What `oa3tool /DecodeHwHash` prints: eight lines, the XML, four lines. */
export const oa3ToolOutput = (report: HardwareReport): string => [...BANNER, encodeOa3Report(report), ...FOOTER].join('\r\n');

/** A report for people: who the device is to Autopilot, every line of the report, and what is missing or wrong. Ends without a line break. */
export function describeHardwareHash(report: HardwareReport): string {
  const properties = oa3PropertiesOf(report);
  const width = Math.max(...properties.map(({ name }) => name.length), 'HWDeviceID'.length);
  const line = (name: string, value: string): string => `${name.padEnd(width)}  ${shortened(value)}`;
  const missing = missingCriticalFields(report);
  return [
    ...identityLines(report).map(([name, value]) => line(name, value)),
    '',
    ...properties.map(({ name, value }) => line(name, value)),
    ...(missing.length > 0 ? ['', `Missing: ${missing.join(', ')}`] : []),
  ].join('\n');
}

function identityLines(report: HardwareReport): (readonly [string, string])[] {
  try {
    const { ekHash, ddid } = hardwareIdentityOf(report, { allowEcc: true });
    return [
      ['EK hash', ekHash ?? 'none: self-deploying and pre-provisioning are impossible'],
      ['HWDeviceID', ddid],
    ];
  } catch (error) {
    if (!(error instanceof HardwareHashError)) throw error;
    return [['Refused', `${error.message} (an import ends in 802)`]];
  }
}

const MAX_WIDTH = 96;
const shortened = (value: string): string =>
  value.length > MAX_WIDTH ? `${value.slice(0, MAX_WIDTH)}… (${value.length} characters)` : value;
