import { type EventChannel } from '@greenscreen/device/context';
import { type RunEntry } from '../run/index.js';

/** Provider and channel names as Event Viewer shows them (reference 01, section 8; 05, A.1). */
const channels: Readonly<Record<EventChannel, { provider: string; channel: string }>> = {
  autopilot: {
    provider: 'Microsoft-Windows-ModernDeployment-Diagnostics-Provider',
    channel: 'Microsoft-Windows-ModernDeployment-Diagnostics-Provider/Autopilot',
  },
  management: {
    provider: 'Microsoft-Windows-ModernDeployment-Diagnostics-Provider',
    channel: 'Microsoft-Windows-ModernDeployment-Diagnostics-Provider/ManagementService',
  },
  udr: { provider: 'Microsoft-Windows-User Device Registration', channel: 'Microsoft-Windows-User Device Registration/Admin' },
  dmedp: {
    provider: 'Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider',
    channel: 'Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider/Admin',
  },
  shellcore: { provider: 'Microsoft-Windows-Shell-Core', channel: 'Microsoft-Windows-Shell-Core/Operational' },
  laps: { provider: 'Microsoft-Windows-LAPS', channel: 'Microsoft-Windows-LAPS/Operational' },
  aad: { provider: 'Microsoft-Windows-AAD', channel: 'Microsoft-Windows-AAD/Operational' },
};

const escape = (text: string): string => text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The device's events in the XML of Event Viewer's export. */
export function toEventsXml(timeline: readonly RunEntry[], computer: string): string {
  const events = timeline.flatMap((entry) => (entry.kind === 'event' ? [entry] : []));
  const rows = events.map(({ at, channel, id, data }, index) => {
    const names = channels[channel];
    const values = Object.entries(data).map(([name, value]) => `<Data Name="${escape(name)}">${escape(String(value))}</Data>`);
    return (
      `  <Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="${names.provider}"/><EventID>${id}</EventID>` +
      `<TimeCreated SystemTime="${at.toISOString()}"/><EventRecordID>${index + 1}</EventRecordID><Channel>${names.channel}</Channel><Computer>${escape(computer)}</Computer></System>` +
      `<EventData>${values.join('')}</EventData></Event>`
    );
  });
  return `<?xml version="1.0" encoding="utf-8"?>\n<Events>\n${rows.join('\n')}\n</Events>\n`;
}
