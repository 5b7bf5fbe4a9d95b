import { addDevice, type DeviceIdentity, serviceDisabled } from '../msa/index.js';
import { downloadProfile, type ProfileDownload, refetchProfile } from '../profile/index.js';
import { type Installation } from './installation.js';

/** First boot with a network: the management service starts, the PC gets an account, the profile is downloaded (reference 05, T1). */
export async function firstBoot(installation: Installation): Promise<void> {
  const { context, checkpoint, timeServer } = installation;
  startManagementService(installation);
  const online = context.traits.network?.ncsi !== 'fail';
  const download = await downloadProfile(context, {
    identity: () => accountOf(installation),
    hardwareHash: installation.hardwareHash(),
    timeSync: timeServer,
    online,
  });
  if (download.kind !== 'profile') return;
  installation.profile = download.profile;
  await checkpoint('profile_downloaded');
}

/** Asked for by the download, so that trouble at login.live.com is a download that failed. */
async function accountOf(installation: Installation): Promise<DeviceIdentity> {
  const { traits, events } = installation.context;
  if (traits.wlidsvc === 'disabled') {
    events.emit('autopilot', 154);
    throw serviceDisabled();
  }
  return (installation.identity ??= await addDevice(installation.context));
}

/** wmansvc starts with Windows (events 1000 and 1001). */
export function startManagementService({ context }: Installation): void {
  context.events.emit('management', 1000);
  context.events.emit('management', 1001);
}

/**
 * Windows restarts: what was in memory only is gone. The status page opens again where it was (reference 05, T20 and 98).
 */
export function restart(installation: Installation): void {
  const { context, page } = installation;
  context.timeline.note({ kind: 'local', what: 'The PC restarts' });
  startManagementService(installation);
  installation.credentialsLost = true;
  if (page) context.events.emit('shellcore', 62407, { name: 'CommercialOOBE_ESPProgress_ResumingAfterReboot' });
}

/** The landing page asks again and takes only what it gets now (reference 05, T4). */
export async function refreshProfile(installation: Installation): Promise<ProfileDownload> {
  const { context, timeServer } = installation;
  const download = await refetchProfile(context, {
    identity: () => accountOf(installation),
    hardwareHash: installation.hardwareHash(),
    timeSync: timeServer,
  });
  if (download.kind === 'profile') installation.profile = download.profile;
  else delete installation.profile;
  return download;
}
