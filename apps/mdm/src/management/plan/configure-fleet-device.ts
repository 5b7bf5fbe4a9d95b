import { type SessionWork } from '../session/session-work.js';
import { policies } from './assigned-policies.js';
import { inventoryQuestion } from './configure-device.js';

const inventory = ['./DevDetail/SwV', './DevDetail/Ext/Microsoft/DeviceName'];

/** What a device of Fleet gets once, in its first session: questions, then the tenant's policies. No page waits for them. */
export async function configureFleetDevice(work: SessionWork): Promise<void> {
  const { progress, queue } = work;
  if (progress.sessions > 1 || queue.all.some(({ purpose }) => purpose === 'inventory')) return;
  queue.add(...inventory.map(inventoryQuestion), ...(await policies(work, 'device')));
}
