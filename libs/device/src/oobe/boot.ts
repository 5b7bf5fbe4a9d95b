import { addDevice, type DeviceIdentity } from '../msa/index.js';
import { downloadProfile, type ProfileDownload, refetchProfile } from '../profile/index.js';
import { type Installation } from './installation.js';

/** First boot with a network: the management service starts, the PC gets an account, the profile is downloaded (reference 05, T1). */
export async function firstBoot(installation: Installation): Promise<void> {
  const { context, hardwareHash, checkpoint } = installation;
  startManagementService(installation);
  const download = await downloadProfile(context, { identity: () => accountOf(installation), hardwareHash });
  if (download.kind !== 'profile') return;
  installation.profile = download.profile;
  await checkpoint('profile_downloaded');
}

/** Asked for by the download, so that trouble at login.live.com is a download that failed. */
const accountOf = async (installation: Installation): Promise<DeviceIdentity> =>
  (installation.identity ??= await addDevice(installation.context));

/** wmansvc starts with Windows (events 1000 and 1001). */
export function startManagementService({ context }: Installation): void {
  context.events.emit('management', 1000);
  context.events.emit('management', 1001);
}

/** The landing page asks again and takes only what it gets now (reference 05, T4). */
export async function refreshProfile(installation: Installation): Promise<ProfileDownload> {
  const { context, hardwareHash } = installation;
  const download = await refetchProfile(context, { identity: () => accountOf(installation), hardwareHash });
  if (download.kind === 'profile') installation.profile = download.profile;
  else delete installation.profile;
  return download;
}
