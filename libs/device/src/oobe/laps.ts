import { under } from '@greenscreen/wire/dm-tree';
import { type Installation, required } from './installation.js';

const POLICIES = './Device/Vendor/MSFT/LAPS/Policies';
const KEY = 'HKLM\\SOFTWARE\\Microsoft\\Policies\\LAPS';
/** `BackupDirectory` of passwords that go to Entra (LAPS CSP). */
const ENTRA = '1';
/** The policy that LAPS works by, from the CSP. */
const POLICY_APPLIED = 10022;

/**
 * Windows LAPS takes its settings up when the device is joined: a pre-provisioned PC has left Entra by the time they arrive, so nothing happens
 * before the user's phase (reference 05, 108).
 */
export function applyLaps(installation: Installation): void {
  const { context, registration } = installation;
  const { tree } = required(installation.management, 'management');
  if (!registration || tree.read(under(POLICIES, 'BackupDirectory')) !== ENTRA) return;
  for (const name of tree.children(POLICIES)) {
    const data = tree.read(under(POLICIES, name)) ?? '';
    context.registry.set(KEY, name, /^\d+$/.test(data) ? Number(data) : data);
  }
  context.events.emit('laps', POLICY_APPLIED, { PolicySource: 'CSP' });
}
