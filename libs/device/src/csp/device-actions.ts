import { canonicalUri, dmClientProvider, under } from '@greenscreen/wire/dm-tree';
import { statusCode } from '@greenscreen/wire/syncml';
import { type ConfigurationServiceProvider } from './provider.js';

/** What an administrator can have done to the PC as a whole (reference 04, 4.4). */
export type DeviceAction = 'unenroll' | 'wipe' | 'autopilotReset' | 'restart';

const ROOT = './Device/Vendor/MSFT';
const nodes: Readonly<Record<string, DeviceAction>> = {
  [`${ROOT}/RemoteWipe/doWipe`]: 'wipe',
  [`${ROOT}/RemoteWipe/doWipeProtected`]: 'wipe',
  [`${ROOT}/RemoteWipe/doWipePersistProvisionedData`]: 'wipe',
  [`${ROOT}/RemoteWipe/doWipePersistUserData`]: 'wipe',
  [`${ROOT}/RemoteWipe/AutomaticRedeployment/doAutomaticRedeployment`]: 'autopilotReset',
  [`${ROOT}/Reboot/RebootNow`]: 'restart',
};

/** Execs that are accepted now and done after the session. Only the account's own server can end it: 404 for another's name. */
export function deviceActions(provider: string, accept: (action: DeviceAction) => void): ConfigurationServiceProvider[] {
  const known = new Map(Object.entries(nodes).map(([uri, action]) => [canonicalUri(uri), action]));
  const own = canonicalUri(under(dmClientProvider(provider), 'Unenroll'));
  const legacy = canonicalUri(`${ROOT}/DMClient/Unenroll`);
  const take = (action: DeviceAction): number => {
    accept(action);
    return statusCode.ok;
  };
  return [
    {
      root: canonicalUri(ROOT),
      exec: (uri, value) => {
        const action = known.get(uri);
        if (action) return take(action);
        if (uri !== own && uri !== legacy) return undefined;
        return value?.data === provider ? take('unenroll') : statusCode.notFound;
      },
    },
  ];
}
