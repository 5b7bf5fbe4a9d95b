import { type NewDmCommand } from '@greenscreen/model/mdm-session';
import { agentPackage } from '../../content/agent-package.js';
import { type AssignedApp } from '../session/assigned-work.js';
import { type SessionWork } from '../session/session-work.js';
import { appKey, isDelivered, markDelivered, type Part } from './delivered.js';
import { installations, packagesOf, storeApps } from './packages.js';

/** Apps of a part that the device was not told of. A Win32 app needs the management extension, which finds it by itself. */
export async function newApps(work: SessionWork, part: Part): Promise<NewDmCommand[]> {
  const isNew = (assigned: { kind: string; id: string; version: number; via: Part; intent: string }): boolean =>
    assigned.kind === 'app' &&
    assigned.intent === 'required' &&
    assigned.via === part &&
    !isDelivered(work, appKey(assigned.id), assigned.version);
  if (!(await work.assigned.all()).some(isNew)) return [];
  const found = (await work.assigned.apps()).filter(isNew);
  noteApps(work, found);
  const apps = found.map(({ app }) => app);
  const needsAgent = apps.some(({ type }) => type === 'win32') && !work.progress.packages.includes(agentPackage.productCode);
  return [...storeApps(work, apps), ...(await installations(work, [...(needsAgent ? [agentPackage] : []), ...packagesOf(apps)]))];
}

/** The management extension, for a device that has scripts and does without it so far. The page does not wait for scripts. */
export async function agentForScripts(work: SessionWork): Promise<NewDmCommand[]> {
  if (work.progress.packages.includes(agentPackage.productCode)) return [];
  const scripts = (await work.assigned.all()).filter(({ kind }) => kind === 'script');
  return scripts.length > 0 ? installations(work, [agentPackage]) : [];
}

/** Remembers that a device was told of apps. */
export function noteApps(work: SessionWork, apps: readonly AssignedApp[]): void {
  for (const { id, version } of apps) markDelivered(work, appKey(id), version);
}
